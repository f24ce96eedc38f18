#!/usr/bin/python3
"""Run the Criterion units of a build (release or sanitize); its report is in the Test Anything Protocol already."""
import os
import sys

from tap import BUILD, run

UNITS = os.path.join(BUILD, sys.argv[1], "units")

status, output, messages = run([UNITS, "--tap=-", "--timeout=300", "-j1"], limit=600)
print(output.decode("utf-8", "replace") + messages)
if status != 0 and "\nnot ok" not in messages:
    # A leak is found when a test is over: it shows in the status, and as a report only without --tap.
    status, output, messages = run([UNITS, "-j1"], limit=400)
    print(messages)
sys.exit(status if status is not None else 1)
