#!/usr/bin/python3
"""Every article of the gold files beside the project through both builds: no fault, one valid graph each, offsets that
slice in every unit.  They are no part of the project: without them this part says so and is passed over.

    tests/gold.py [FOLDER]      (else ../shared/gold, or the folder that GOLD names)
"""
import glob
import json
import os
import sys

import graph as graphs
from tap import RELEASE, ROOT, SANITIZED, finish, ok, run, skip

FOLDER = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("GOLD", os.path.join(ROOT, "../shared/gold"))


def extract(program, path, *options):
    status, output, messages = run([program, "extract", "-q", *options, path], limit=240)
    return output, "status %s\n%s" % (status, messages) if status != 0 or messages else ""


def look_at(path, checker):
    name = os.path.basename(path)
    records = [json.loads(line) for line in open(path, encoding="utf-8")]
    output, wrong = extract(SANITIZED, path)
    if not ok(not wrong and output.count(b"\n") == len(records), "%s: sanitized, %d articles" % (name, len(records)), wrong):
        return
    for unit in "codepoint", "byte", "utf16":
        again, wrong = extract(RELEASE, path, "--offsets", unit)
        found = [wrong] if wrong else []
        if unit == "codepoint" and again != output:
            found.append("the release build gives other bytes than the sanitized one")
        for number, (line, record) in enumerate(zip(again.splitlines(), records), 1):
            graph = graphs.read(line)
            here = graphs.faults(graph)
            if graph["graph"]["text"] != record["text"]:
                here.append("the text is not that of the record")
            if unit == "codepoint":
                here += graphs.schema_faults(checker, graph)
            found += ["%s:%d: %s" % (name, number, fault) for fault in here]
        ok(not found, "%s: valid graphs, offsets in %ss" % (name, unit), "\n".join(found))


paths = sorted(glob.glob(os.path.join(FOLDER, "*.jsonl")))
if not paths:
    skip("the gold articles", "there are none in " + os.path.relpath(FOLDER, ROOT))
for path in paths:
    look_at(path, graphs.validator(os.path.join(ROOT, "src/graph/schema.json")))
finish()
