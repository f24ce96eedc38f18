#!/usr/bin/python3
"""Run the test suite: all its parts, or those that are named; several at a time, the result in their order.

    tests/check.py [PART...]

The last line counts everything: `N passed, N failed`.  Exit status 1 if anything failed.
"""
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from tap import BUILD, ROOT

TESTS = os.path.join(ROOT, "tests")

# The longest come first, so that two processors end at about the same time.
PARTS = [
    ("gold", [TESTS + "/gold.py"], "every article of the gold files, if they are there, through both builds"),
    ("units-sanitize", [TESTS + "/units.py", "sanitize"], "the units under the sanitizers"),
    ("hostile", [TESTS + "/hostile.py"], "input that is broken, huge or made to hurt, in both builds"),
    ("store", [TESTS + "/store.py"], "archives: what is stored, kills, people, attacks, the questions of the documentation"),
    ("lint", ["make", "-s", "lint"], "all sources by clang, every header alone by gcc and clang, warnings as errors"),
    ("web", [TESTS + "/web.py"], "onrecord serve: every page, hostile articles and requests, in both builds"),
    ("pages", [TESTS + "/pages.py"], "the pages of serve, and reports, in Chromium, as a reader uses them"),
    ("units", [TESTS + "/units.py", "release"], "a Criterion file for each module"),
    ("rules", [TESTS + "/rules.py"], "the examples that stand beside the rules"),
    ("containers", [TESTS + "/containers.py"], "archives and compressed files made by other tools; broken ones and bombs"),
    ("crawls", [TESTS + "/crawls.py"], "WARC and ARC: a site of our own as wget archives it; broken records"),
    ("trust", [TESTS + "/trust.py"], "killed and gone on with, a full disk, what is counted, duplicates"),
    ("draw", [TESTS + "/draw.py"], "pictures: sound SVG and nothing else in it, nothing over another, attacks, endless graphs"),
    ("export", [TESTS + "/export.py"], "exports, each read by a parser of its format; attacks in every field"),
    ("runners", [TESTS + "/runners.py"], "Dask with a worker killed, an array job of Slurm, the pipes of Spark and Hadoop"),
    ("graphs", [TESTS + "/graphs.py"], "the graphs of corpora/: schema, offsets, the same bytes again, NetworkX"),
    ("cases", [TESTS + "/cases.py"], "an article and its expected output for each thing that a stage does"),
    ("load", [TESTS + "/load.py"], "serve under load by wrk: no error, bounded memory"),
    ("manual", [TESTS + "/manual.py"], "the worked examples of rules/README.md and src/export/README.md, as they are written there"),
    ("corpora", [TESTS + "/corpora.py"], "corpora/ is what its annotated articles say"),
]
LIMIT = 420  # seconds, for a part
RESULT = re.compile(r"(not ok|ok)\b(?: \d+)?(?: - )?\s*(.*?)\s*(?:# (TODO|SKIP)\b\s*(.*))?$")


class Part:
    def __init__(self, name, command):
        self.name, self.command = name, command
        self.passed = self.failed = self.skipped = 0
        self.lines = []  # what is worth showing

    def run(self):
        begun = time.monotonic()
        try:
            done = subprocess.run(self.command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=LIMIT)
            output, status = done.stdout, done.returncode
        except subprocess.TimeoutExpired as late:
            output, status = late.stdout or b"", "not done after %d seconds" % LIMIT
        lines = output.decode("utf-8", "replace").splitlines()
        self.read(lines)
        if status != 0 and self.failed == 0:  # a leak, which is found when all tests of its process are over
            reports = [i for i, line in enumerate(lines) if "ERROR: " in line]
            self.fail("the part itself ended with: %s" % status, lines[reports[0]:reports[0] + 15] if reports else lines[-20:])
        if self.passed + self.failed + self.skipped == 0:
            self.fail("the part looked at nothing", [])
        self.seconds = time.monotonic() - begun
        return self

    def fail(self, what, more):
        self.failed += 1
        self.lines += ["FAILED: " + what] + ["    " + line for line in more]

    def read(self, lines):
        showing = False
        for line in lines:
            match = RESULT.match(line)
            if match:
                showing = self.count(*match.groups())
            elif showing and line[:1] in ("#", " "):  # what tap.py, or Criterion, has to say of it
                self.lines.append("    " + line[4 if line.startswith("#   ") else 0:])

    def count(self, word, name, directive, remark):
        """Count one result; true if the lines below it are to be shown."""
        good = word == "ok"
        if directive == "TODO":
            self.passed += 1
            self.lines.append("%s: %s" % ("MENDED, so no known fault any longer" if good else "known fault", name))
            return False
        if directive == "SKIP":
            self.skipped += 1
            self.lines.append("skipped: %s: %s" % (name, remark))
        elif good:
            self.passed += 1
        else:
            self.failed += 1
            self.lines.append("FAILED: " + name)
        return not good


def main():
    known = [name for name, _, _ in PARTS]
    wanted = [name for argument in sys.argv[1:] for name in argument.split(",")] or known
    for name in wanted:
        if name not in known:
            sys.exit("there is no part %s; there are: %s" % (name, ", ".join(known)))
    parts = [Part(name, command) for name, command, _ in PARTS if name in wanted]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for part in pool.map(Part.run, parts):
            print("%-16s %5d passed, %d failed  (%.1f s)" % (part.name, part.passed, part.failed, part.seconds))
            for line in part.lines:
                print("    " + line)
            sys.stdout.flush()
    passed, failed = sum(part.passed for part in parts), sum(part.failed for part in parts)
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(1 if failed else 0)


main()
