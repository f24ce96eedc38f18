#!/usr/bin/python3
"""onrecord over many machines, by Dask's distributed scheduler (Debian: python3-distributed).

    on_dask.py -o graphs.jsonl INPUT... [-- OPTION...]                      on this machine, a process for each processor
    on_dask.py -o graphs.jsonl --scheduler tcp://host:8786 INPUT... [-- OPTION...]

The files of INPUT are put together to shards, in order; each shard is one task, which runs `onrecord extract` with the
options behind `--`.  A shard whose worker dies is run again by another.  At the end the shards' outputs are joined in the
order of the input: the same bytes as of one run over all of it.  Until then they lie in graphs.jsonl.parts, so that a
command that was interrupted goes on with the shards that are missing.  All machines must see the same files at the same
paths, and have the program (--onrecord says where).

Exit status: 0 all well, 1 some articles failed (--errors FILE lists them), 2 some shard could not be done.
"""
import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import uuid

SHARD_FILES = 1000  # that are named in one command


def files_of(path, own):
    """The files of a folder in the order in which onrecord reads them, but for what we write; and what it will say that it cannot read."""
    if not os.path.isdir(path) or not os.access(path, os.R_OK | os.X_OK):
        yield path
        return
    for name in sorted(os.listdir(path), key=os.fsencode):
        below = os.path.join(path, name)
        if name.startswith(".") or os.path.abspath(below) in own:
            continue
        if os.path.isfile(below) or not os.path.exists(below) or (os.path.isdir(below) and not os.path.islink(below)):
            yield from files_of(below, own)


def size_of(path):
    return os.path.getsize(path) if os.path.isfile(path) else 0


def shards_of(inputs, size, own):
    """Lists of neighbouring files, each of about so many bytes."""
    shard, filled = [], 0
    for path in (path for given in inputs for path in files_of(given, own)):
        more = size_of(path)
        if shard and (filled + more > size or len(shard) == SHARD_FILES):
            yield shard
            shard, filled = [], 0
        shard.append(path)
        filled += more
    if shard:
        yield shard


def name_of(number, shard, options):
    """A part's name tells what is in it: one that is left from other files or options is not taken for it."""
    state = [(path, size_of(path), os.path.getmtime(path) if os.path.isfile(path) else 0) for path in shard]
    return "%06d-%s" % (number, hashlib.sha256(repr((state, options)).encode()).hexdigest()[:16])


def extract(program, options, folder, shard, parts, name):
    """One task, on any worker: None, or what went wrong.

    It writes under a name of its own, since the shard may still be in work on a machine that is thought dead."""
    part, own = os.path.join(parts, name), os.path.join(parts, "%s.%s" % (name, uuid.uuid4().hex))
    if os.path.exists(part + ".jsonl"):
        return None
    done = subprocess.run([program, "extract", "-q", "-j1", "-o", own, "--errors", own + ".errors", *options, "--", *shard],
                          cwd=folder, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    listed = os.path.exists(own + ".errors") and os.path.getsize(own + ".errors") > 0
    if done.returncode == 2 and listed and not os.path.exists(own + ".part"):  # nothing in it could be read, and all of it is listed
        open(own, "w").close()
    elif done.returncode not in (0, 1):
        return done.stderr.decode(errors="replace").strip() or "exit status %d" % done.returncode
    os.replace(own + ".errors", part + ".errors")
    os.replace(own, part + ".jsonl")  # last: the part is there when this is
    return None


def join(parts, names, ending, output):
    """Put the parts together under a name that is taken when all is there."""
    with open(output + ".part", "wb") as out:
        for name in names:
            with open(os.path.join(parts, name + ending), "rb") as part:
                shutil.copyfileobj(part, out, 1 << 20)
    os.replace(output + ".part", output)


def connect(arguments):
    from dask.distributed import Client, LocalCluster
    if arguments.scheduler:
        return Client(arguments.scheduler)
    return Client(LocalCluster(n_workers=arguments.workers, threads_per_worker=1, dashboard_address=None))


def run(client, arguments, options, parts, todo):
    """Do all shards; how many could not be done."""
    from dask.distributed import as_completed
    program = os.path.abspath(shutil.which(arguments.onrecord) or sys.exit("on_dask: there is no %s" % arguments.onrecord))
    tasks = {client.submit(extract, program, options, os.getcwd(), shard, parts, name, pure=False): name for name, shard in todo}
    failed = 0
    for task in as_completed(tasks):
        wrong = task.result() if task.status == "finished" else str(task.exception())
        if wrong:
            failed += 1
            print("on_dask: shard %s: %s" % (tasks[task], wrong), file=sys.stderr)
    return failed


def main():
    given = sys.argv[1:]
    at = given.index("--") if "--" in given else len(given)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="+", metavar="INPUT")
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--errors", help="also write a JSON line for each article that failed")
    parser.add_argument("--scheduler", help="address of a scheduler; without it, workers are started on this machine")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="how many, if they are started here")
    parser.add_argument("--shard-size", type=int, default=64, help="MB (default 64)")
    parser.add_argument("--onrecord", default="onrecord", help="the program")
    arguments, options = parser.parse_args(given[:at]), given[at + 1:]
    output = os.path.abspath(arguments.output)
    parts = output + ".parts"
    os.makedirs(parts, exist_ok=True)
    errors = os.path.abspath(arguments.errors or os.path.join(parts, "errors"))
    own = {whole + ending for whole in (output, errors) for ending in ("", ".part", ".parts")}
    shards = list(shards_of(arguments.inputs, arguments.shard_size << 20, own))
    names = [name_of(number, shard, options) for number, shard in enumerate(shards)]
    todo = [(name, shard) for name, shard in zip(names, shards) if not os.path.exists(os.path.join(parts, name + ".jsonl"))]
    if todo:
        with connect(arguments) as client:
            if run(client, arguments, options, parts, todo):
                sys.exit(2)
    join(parts, names, ".jsonl", output)
    join(parts, names, ".errors", errors)
    with open(errors, "rb") as lines:
        some_failed = any(b',"reason":' in line for line in lines)
    shutil.rmtree(parts)
    sys.exit(1 if some_failed else 0)


if __name__ == "__main__":
    main()
