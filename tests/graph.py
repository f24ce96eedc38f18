"""What every graph must hold to, beyond its schema: asked of a graph as Python reads it."""
import json

import fastjsonschema


def pairs_once(pairs):
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), "a key twice: %s" % keys
    return dict(pairs)


def read(line):
    """Parse one line; a key may not stand twice in an object."""
    return json.loads(line, object_pairs_hook=pairs_once)


def spans_of(graph):
    """Every (start, end, text) in the graph; the text is None where the graph does not repeat it."""
    for zone in graph["graph"]["zones"]:
        yield zone["start"], zone["end"], None
    for node in graph["nodes"]:
        for mention in node.get("mentions", []):
            yield mention["start"], mention["end"], mention["text"]
        for key in ("speaker", "cue"):
            if key in node:
                yield node[key]["start"], node[key]["end"], node[key]["text"]
        for key in ("spans", "quoted"):
            for span in node.get(key, []):
                yield span["start"], span["end"], None


def slicer(graph, text):
    """A function that slices the text by the unit of the graph's offsets, and the text's length in it."""
    unit = graph["graph"]["offsets"]
    if unit == "codepoint":
        return (lambda start, end: text[start:end]), len(text)
    coding = {"byte": "utf-8", "utf16": "utf-16-le"}[unit]
    width = {"byte": 1, "utf16": 2}[unit]
    data = text.encode(coding)
    return (lambda start, end: data[start * width:end * width].decode(coding)), len(data) // width


def faults(graph, text=None):
    """What is wrong with a graph, as a list of lines; `text` for one that was written without its text."""
    found = []
    text = graph["graph"].get("text") if text is None else text
    cut, length = slicer(graph, text)
    for start, end, wanted in spans_of(graph):
        if not 0 <= start < end <= length:
            found.append("%d-%d is no stretch of a text of %d" % (start, end, length))
            continue
        try:
            got = cut(start, end)
        except UnicodeDecodeError as broken:
            found.append("%d-%d cuts a character: %s" % (start, end, broken))
            continue
        if wanted is not None and got != wanted:
            found.append("%d-%d is %r and not %r" % (start, end, got, wanted))
    for node in graph["nodes"]:
        if node["type"] == "quote":
            pieces = " ".join(cut(s["start"], s["end"]) for s in node["spans"])
            if pieces != node["text"]:
                found.append("%s: its pieces are %r and not %r" % (node["id"], pieces, node["text"]))
            inside = [(s["start"], s["end"]) for s in node["spans"]]
            if inside != sorted(inside) or any(a[1] > b[0] for a, b in zip(inside, inside[1:])):
                found.append("%s: its pieces overlap or are out of order: %s" % (node["id"], inside))
    zones = [(z["start"], z["end"]) for z in graph["graph"]["zones"]]
    if zones != sorted(zones):
        found.append("zones are out of order: %s" % zones)
    ids = [node["id"] for node in graph["nodes"]]
    if len(ids) != len(set(ids)):
        found.append("an id stands twice")
    known = set(ids)
    for edge in graph["edges"]:
        for end in ("source", "target"):
            if edge[end] not in known:
                found.append("an edge's %s is no node: %s" % (end, edge))
    for node in graph["nodes"]:
        if "parent" in node and node["parent"] not in known:
            found.append("%s stands in %s, which is no node" % (node["id"], node["parent"]))
    return found


def validator(path):
    """What checks a graph against the schema in a file; see schema_faults."""
    with open(path, encoding="utf-8") as file:
        return fastjsonschema.compile(json.load(file))


def schema_faults(checker, graph):
    """The first fault by the schema, as a list of lines."""
    try:
        checker(graph)
    except fastjsonschema.JsonSchemaException as wrong:
        return ["by the schema: " + str(wrong)[:500]]
    return []
