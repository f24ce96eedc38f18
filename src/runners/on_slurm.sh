#!/usr/bin/env bash
# onrecord as an array job of Slurm:
#
#     sbatch --array=0-63 --requeue on_slurm.sh OUT INPUT... [-- OPTION...]
#     cat OUT/*.jsonl > graphs.jsonl; cat OUT/*.errors > failed.jsonl
#
# The files of INPUT, in the order in which onrecord reads them, are divided among the tasks, neighbours together; each task writes
# OUT/NNNNN.jsonl, and a list of what failed beside it.  Put together they are what one run over all of it writes.  A task that
# was killed and is put into the queue again goes on where it stopped.  ONRECORD names the program if it is not in the PATH.
#
# Exit status: 0, also where single articles failed (they are listed); 2 if the task could do nothing.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 2; }
: "${SLURM_ARRAY_TASK_ID:?this is run by sbatch --array}"

out=$1
shift
inputs=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    inputs+=("$1")
    shift
done
[ $# -gt 0 ] && shift # what is left are options

# Names are put in order folder by folder: a separator goes before all other bytes.  Links that lead nowhere and folders that cannot be
# read are named too, so that they are told; OUT is no input.
list_files() {
    for input in "${inputs[@]}"; do
        if [ -d "$input" ]; then
            find -H "$input" -mindepth 1 \( -name '.*' -o -samefile "$out" \) -prune -o -type d ! -readable -print0 -prune -o \( -xtype f -o -xtype l \) -print0 | tr '/' '\001' | LC_ALL=C sort -z | tr '\001' '/'
        else
            printf '%s\0' "$input"
        fi
    done
}

mkdir -p "$out"
mapfile -d '' -t files < <(list_files)
task=$((SLURM_ARRAY_TASK_ID - ${SLURM_ARRAY_TASK_MIN:-0}))
tasks=${SLURM_ARRAY_TASK_COUNT:?}
from=$((${#files[@]} * task / tasks))
to=$((${#files[@]} * (task + 1) / tasks))
name=$out/$(printf %05d "$task")
if [ "$from" = "$to" ]; then
    : > "$name.jsonl"
    : > "$name.errors"
    exit 0
fi
[ -e "$name.jsonl.part.state" ] || rm -f "$name.errors" # of a run that is forgotten
status=0
"${ONRECORD:-onrecord}" extract -q -j "${SLURM_CPUS_PER_TASK:-1}" --resume -o "$name.jsonl" --errors "$name.errors" "$@" -- \
    "${files[@]:from:to - from}" || status=$?
if [ "$status" = 2 ] && [ -s "$name.errors" ] && [ ! -e "$name.jsonl.part" ]; then # nothing in it could be read, and all of it is listed
    : > "$name.jsonl"
    status=1
fi
[ "$status" -lt 2 ] || exit "$status"
