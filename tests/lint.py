#!/usr/bin/python3
"""All sources through clang, and every header alone through gcc and clang, with warnings as errors.

    tests/lint.py FLAG...      (`make lint` hands over the flags of the build)

The sources go through gcc whenever the program is built."""
import glob
import os
import sys
from concurrent.futures import ThreadPoolExecutor

from tap import finish, ok, run

# Criterion's macros declare what they define nowhere before; nothing else is let off.
UNITS = ["-Itests/unit", "-Wno-missing-prototypes"]


def jobs():
    for path in sorted(glob.glob("src/**/*.c", recursive=True) + glob.glob("tests/unit/*.c")):
        yield "clang", path, path
    for path in sorted(glob.glob("src/**/*.h", recursive=True) + glob.glob("tests/unit/*.h")):
        for compiler in "gcc", "clang":
            yield compiler, path, "-"


def compile_one(job):
    compiler, path, source = job
    flags = sys.argv[1:] + (UNITS if path.startswith("tests/") else [])
    include = ('#include "%s"\n' % path.split("/", 1)[1] if path.startswith("src/") else '#include "%s"\n' % os.path.basename(path))
    stdin = include.encode() if source == "-" else b""
    return job, run([compiler, "-fsyntax-only", "-x", "c", *flags, source], stdin=stdin)


with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
    for (compiler, path, _), (status, _, messages) in pool.map(compile_one, jobs()):
        ok(status == 0, "%s %s" % (compiler, path), messages)
finish()
