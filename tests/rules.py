#!/usr/bin/python3
"""Run the examples that stand beside the rules: a result for each; the sanitized build must say the same."""
import re

from tap import RELEASE, SANITIZED, finish, ok, run

status, output, messages = run([RELEASE, "rules", "test"])
lines = output.decode("utf-8", "replace").splitlines()
count = re.fullmatch(r"(\d+) passed, (\d+) failed", lines[-1]) if lines else None
if ok(count and status == (1 if int(count[2]) else 0), "rules test", "status %s\n%s" % (status, messages)):
    heads = [i for i, line in enumerate(lines) if re.match(r"\S+:\d+: ", line)] + [len(lines) - 1]
    for at, end in zip(heads, heads[1:]):
        ok(False, lines[at], "\n".join(lines[at + 1:end]))
    for i in range(int(count[1])):
        ok(True, "example %d" % (i + 1))
    ok(len(heads) - 1 == int(count[2]), "each failure is told", "%d told of %s" % (len(heads) - 1, count[2]))
again = run([SANITIZED, "rules", "test"], limit=240)
ok(again[:2] == (status, output), "the sanitized build says the same", "status %s\n%s" % (again[0], again[2]))
finish()
