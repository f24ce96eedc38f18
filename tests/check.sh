#!/usr/bin/env bash
# What every change must pass: each article of corpora/ becomes one valid graph whose offsets slice right, hostile input
# included, in the release and the sanitized build.  The last line says how many checks passed.
set -u
passed=0 failed=0
check() { if "${@:2}"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $1"; fi; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
graphs() { timeout 300 "$1" extract "${@:2}" > "$work/out.jsonl" 2> "$work/err"; }
valid() {
    python3 - "$work/out.jsonl" "$1" <<'P'
import json, sys
count = 0
for line in open(sys.argv[1], encoding="utf-8"):
    g = json.loads(line)
    count += 1
    text, ids = g["graph"]["text"], set()
    for n in g["nodes"]:
        assert n["id"] not in ids, "id twice: " + n["id"]
        ids.add(n["id"])
        for m in n.get("mentions", []):
            assert text[m["start"]:m["end"]] == m["text"], m
            assert m["rule"] and 0 < m["confidence"] <= 1, m
    for e in g["edges"]:
        assert e["source"] in ids and e["target"] in ids, e
assert count == int(sys.argv[2]), f"{count} graphs, wanted {sys.argv[2]}"
P
}
same() { graphs "$1" corpora/articles && cp "$work/out.jsonl" "$work/one" && graphs "$1" -j 2 corpora/articles && cmp -s "$work/one" "$work/out.jsonl"; }
printf '' > "$work/empty.txt"
printf 'x' > "$work/one.txt"
printf 'A\0B said. \377\376 \300\257' > "$work/broken.txt"
head -c 300000 /dev/zero | tr '\0' 'A' > "$work/capitals.txt"
yes '"' | head -n 3000 | tr -d '\n' > "$work/marks.txt"
articles=$(ls corpora/articles/*.txt | wc -l)
for program in "$@"; do
    check "$program: corpora" graphs "$program" corpora/articles
    check "$program: valid graphs" valid "$articles"
    check "$program: the same bytes again, on two threads" same "$program"
    for file in empty one broken capitals marks; do
        check "$program: $file" graphs "$program" "$work/$file.txt"
    done
done
check "corpora are built from their sources" python3 corpora/build.py --check
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
