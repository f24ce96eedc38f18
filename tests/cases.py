#!/usr/bin/python3
"""Golden cases: tests/cases/STAGE/WHAT-IT-SHOWS/ holds an article, and in `expected` what the stage makes of it.

    tests/cases.py [CASE...]                  compare; a CASE is a folder such as zones/dateline, or a stage
    tests/cases.py --accept [--yes] [CASE...] show each difference and take the new output, after a question or at once

Only what the stage itself adds is compared, without the rules' names and their confidence, so that work on another stage
or new weights leave a case alone.  A folder with a file `known-fault` (which says what is wrong) holds the right output
as `expected`; it fails without failing the suite, and is reported when it comes right.
"""
import argparse
import difflib
import glob
import json
import os
import sys

from tap import RELEASE, ROOT, finish, ok, run

CASES = os.path.join(ROOT, "tests/cases")

# What `extract --stop-after=STAGE` shows of the stage itself.
LAYERS = {"tokens": ["token"], "zones": ["zone"], "marks": ["marked"], "sentences": ["sentence"], "names": ["mention"],
          "quotes": ["quote", "quote+", "quote.speaker", "quote.cue"]}


def layers(stage, path):
    """The lines of the stage's own layers: layer, kind, offsets, text."""
    status, output, messages = run([RELEASE, "extract", "--stop-after=" + stage, path])
    assert status == 0, messages
    rows = [line.split("\t") for line in output.decode("utf-8").splitlines()]
    return "".join("\t".join(row[:4]) + "\n" for row in rows if row[0] in LAYERS[stage])


# ---- what later stages add, read from the final graph


def graphs_of(path, *options):
    status, output, messages = run([RELEASE, "extract", *options, path])
    assert status == 0, messages
    return [json.loads(line) for line in output.splitlines()]


def names_of(graph):
    return {node["id"]: node.get("name", node.get("text")) for node in graph["nodes"]}


def edges(graph, *types):
    names = names_of(graph)
    for edge in graph["edges"]:
        if edge["type"] in types:
            more = [mark for mark in ("former", "negated", "hypothetical", "hearsay") if edge.get(mark)]
            more += [edge["role"]] if "role" in edge else []
            yield "\t".join([edge["type"], names[edge["source"]], names[edge["target"]], *more])


def entities(graph, kinds):
    for node in graph["nodes"]:
        mentions = [m["text"] + ("" if m["kind"] == "name" else " (%s)" % m["kind"])
                    for m in node.get("mentions", []) if m["kind"] in kinds]
        if node["type"] in ("person", "organization", "place") and mentions:
            yield "\t".join([node["type"], node["name"], ", ".join(mentions)])


def speakers(graph):
    names = names_of(graph)
    said = {edge["target"]: names[edge["source"]] for edge in graph["edges"] if edge["type"] == "said"}
    for node in graph["nodes"]:
        if node["type"] == "quote":
            written = node["speaker"]["text"] if "speaker" in node else "-"
            yield "\t".join([node["text"], written, said.get(node["id"], "-")])


READINGS = {
    "titles": lambda graph: edges(graph, "holds", "at"),
    "entities": lambda graph: entities(graph, ["name"]),
    "coreference": lambda graph: entities(graph, ["name", "nominal", "pronoun"]),
    "speakers": speakers,
    "links": lambda graph: edges(graph, "affiliated", "based_in", "lives_in", "part_of", "mentions"),
}


def bare(value):
    """A graph without what changes with every new weight."""
    if isinstance(value, dict):
        return {key: bare(item) for key, item in value.items() if key not in ("rule", "confidence")}
    return [bare(item) for item in value] if isinstance(value, list) else value


def made(folder):
    """What the program makes of a case now."""
    stage = os.path.basename(os.path.dirname(folder))
    (path,) = glob.glob(os.path.join(folder, "article.*"))
    path = os.path.relpath(path, ROOT)
    if stage in LAYERS:
        return layers(stage, path)
    if stage in READINGS:
        return "".join(line + "\n" for graph in graphs_of(path) for line in READINGS[stage](graph))
    if stage == "graph":
        options = os.path.join(folder, "options")
        options = open(options, encoding="utf-8").read().split() if os.path.exists(options) else []
        return "".join(json.dumps(bare(graph), indent=1, ensure_ascii=False) + "\n" for graph in graphs_of(path, "--no-text", *options))
    sys.exit("%s: there is no stage %s" % (folder, stage))


def expected(folder):
    path = os.path.join(folder, "expected")
    return open(path, encoding="utf-8").read() if os.path.exists(path) else ""


def difference(folder, now):
    name = os.path.relpath(folder, CASES)
    return "".join(difflib.unified_diff(expected(folder).splitlines(True), now.splitlines(True), name + "/expected", "now"))


def accept(folder, yes):
    now = made(folder)
    shown = difference(folder, now)
    if not shown:
        return
    print(shown)
    if os.path.exists(os.path.join(folder, "known-fault")):
        print("(a known fault: its expected output is written by hand and stays)")
    elif yes or input("take it? [y/N] ").lower() in ("y", "yes"):
        with open(os.path.join(folder, "expected"), "w", encoding="utf-8") as file:
            file.write(now)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--accept", action="store_true", help="show each difference and take it if you say so")
    parser.add_argument("--yes", action="store_true", help="take all")
    parser.add_argument("cases", nargs="*", help="only these cases, or those of these stages")
    args = parser.parse_args()
    folders = sorted(os.path.dirname(path) for path in glob.glob(CASES + "/*/*/article.*"))
    for folder in folders:
        name = os.path.relpath(folder, CASES)
        if args.cases and not any(name == case or name.startswith(case.rstrip("/") + "/") for case in args.cases):
            continue
        if args.accept:
            accept(folder, args.yes)
        else:
            now = made(folder)
            ok(now == expected(folder), name, difference(folder, now), os.path.exists(os.path.join(folder, "known-fault")))
    if not args.accept:
        finish()


main()
