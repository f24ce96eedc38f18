#!/usr/bin/python3
"""The graphs of corpora/: valid by the schema, offsets that slice in every unit, the same bytes on every run."""
import glob
import json
import os

import graph as graphs
from tap import BUILDS, RELEASE, ROOT, finish, ok, run

FOLDER = "corpora/articles"
PATHS = sorted(glob.glob(os.path.join(ROOT, FOLDER, "*.txt")))
UNITS = ("codepoint", "byte", "utf16")


def extract(program, *options):
    status, output, messages = run([program, "extract", "-q", *options, FOLDER], limit=120)
    return output, "status %s\n%s" % (status, messages) if status != 0 or messages else ""


def look_at(lines, unit, checker):
    """Each graph of a run against all that it must hold to."""
    for line, path in zip(lines, PATHS):
        name, graph = os.path.basename(path), graphs.read(line)
        text = open(path, encoding="utf-8", newline="").read()
        found = graphs.faults(graph)
        if graph["graph"]["text"] != text:
            found.append("the text is not that of the file")
        if graph["graph"]["id"] != FOLDER + "/" + name:
            found.append("the id is " + graph["graph"]["id"])
        if graph["graph"]["offsets"] != unit:
            found.append("the offsets are " + graph["graph"]["offsets"])
        if checker:
            found += graphs.schema_faults(checker, graph)
        ok(not found, "%s: %s" % (unit, name), "\n".join(found))


def look_at_network(lines):
    """NetworkX takes every graph, with as many nodes and edges as it has."""
    import networkx
    found = []
    for line in lines:
        graph = json.loads(line)
        try:
            network = networkx.node_link_graph(graph, edges="edges")  # from NetworkX 3.4
        except TypeError:
            network = networkx.node_link_graph(graph, link="edges")
        if (network.number_of_nodes(), network.number_of_edges()) != (len(graph["nodes"]), len(graph["edges"])):
            found.append("%s: %s" % (graph["graph"]["id"], network))
        if not (network.is_directed() and network.is_multigraph()):
            found.append("%s: neither directed nor a multigraph" % graph["graph"]["id"])
    ok(lines and not found, "NetworkX loads every graph", "\n".join(found))


def without_text(line):
    graph = json.loads(line)
    del graph["graph"]["text"]
    return graph


def main():
    checker = graphs.validator(os.path.join(ROOT, "src/graph/schema.json"))
    first, wrong = extract(RELEASE, "-j1")
    lines = first.decode("utf-8").splitlines()
    ok(not wrong and len(lines) == len(PATHS) > 0, "a graph for each article", wrong or "%d graphs" % len(lines))
    look_at_network(lines)
    ok(any(json.loads(line)["nodes"] for line in lines), "something is found", "no graph has a node")
    for unit in UNITS:
        output, wrong = extract(RELEASE, "--offsets", unit)
        ok(not wrong, unit + ": no message", wrong)
        look_at(output.decode("utf-8").splitlines(), unit, checker if unit == "codepoint" else None)
    for build, program in BUILDS.items():
        for threads in "-j1", "-j2", "-j5":
            output, wrong = extract(program, threads)
            ok(output == first and not wrong, "%s %s: the same bytes again" % (build, threads), wrong or "they differ")
    bare, wrong = extract(RELEASE, "--no-text")
    ok([json.loads(line) for line in bare.splitlines()] == [without_text(line) for line in lines],
       "--no-text leaves out the text and nothing else", wrong)


main()
finish()
