#!/usr/bin/python3
"""What corpora/build.py writes from the annotated articles is what lies in corpora/; and in the articles named quotes-…, each of
which has cases of one sort, every quote is found as it is annotated, with its form, its speaker and whom that names, and no other."""
import json
import os
import re
import sys

from tap import RELEASE, ROOT, finish, ok, run

GOLD = os.path.join(ROOT, "corpora/gold.jsonl")


def words(text, spans):
    """The words of the spans, by their place; a leading "that" is no matter."""
    found = [m.span() for start, end in spans for m in re.compile(r"\w+").finditer(text, start, end)]
    return found[1:] if found and text[slice(*found[0])] == "that" else found


def name_of(nodes, graph, quote):
    names = [nodes[e["source"]] for e in graph["edges"] if e["type"] == "said" and e["target"] == quote["id"]]
    return names[0]["name"] if names and names[0]["named"] else None


def wanted(record):
    text = record["text"]
    for quote in record["quotes"]:
        yield (quote["form"], text, words(text, quote["content"]), quote["source"], quote.get("speaker_name", "?"))


def is_same(want, graph, nodes, quote):
    form, text, content, source, name = want
    speaker = quote.get("speaker")
    beside = any(s < speaker["end"] and speaker["start"] < e for s, e in source) if speaker and source else not speaker and not source
    return (quote["form"] == form and words(text, [(s["start"], s["end"]) for s in quote["spans"]]) == content and beside
            and name in ("?", name_of(nodes, graph, quote)))


def faults(record, graph):
    nodes = {node["id"]: node for node in graph["nodes"]}
    found = [node for node in graph["nodes"] if node["type"] == "quote"]
    for want in wanted(record):
        match = next((quote for quote in found if is_same(want, graph, nodes, quote)), None)
        if match:
            found.remove(match)
        else:
            yield "not found so: %s, said by %s: %s" % (want[0], want[4], " … ".join(want[1][s:e] for s, e in want[2][:1] + want[2][-1:]))
    for quote in found:
        yield "found so: %s, said by %s: %s" % (quote["form"], name_of(nodes, graph, quote), quote["text"])


status, output, messages = run([sys.executable, "corpora/build.py", "--check"])
ok(status == 0, "corpora are built from their sources", output.decode("utf-8", "replace") + messages)
records = [json.loads(line) for line in open(GOLD, encoding="utf-8")]
for record in records:
    if record["id"].startswith("quotes-"):
        path = os.path.join("corpora/articles", record["id"] + ".txt")
        status, output, messages = run([RELEASE, "extract", "-q", path])
        wrong = list(faults(record, json.loads(output))) if status == 0 else [messages]
        ok(not wrong, "every quote of " + record["id"], "\n".join(wrong))
finish()
