#!/usr/bin/python3
"""Pictures of graphs: what is in them, that nothing in them is active, and that no graph hurts."""
import json
import os
import random
import re
import struct
import tempfile
import xml.etree.ElementTree as ET

from attacks import ATTACKS, attacked
from tap import BUILDS, RELEASE, SANITIZED, finish, ok, run

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "desc", "style", "rect", "text", "tspan", "g", "path"}
ATTRIBUTES = {"width", "height", "viewBox", "role", "aria-labelledby", "font-size", "font-family", "font-weight", "font-style", "text-anchor", "class",
              "id", "data-id", "fill", "stroke", "stroke-width", "stroke-dasharray", "x", "y", "rx", "d", "transform"}
SHAPES = {"person", "organization", "place", "title", "quote"}


def draw(*arguments, program=RELEASE, stdin=b"", limit=60):
    return run([program, "draw", "--quiet", *arguments], stdin=stdin, limit=limit)


def line(graph):
    return (json.dumps(graph) + "\n").encode()


def nodes_of(root):
    """By id: kind, title, what is to be read, and the box (left, top, right, bottom)."""
    found = {}
    for group in root.iter(SVG + "g"):
        kinds = group.get("class", "").split()
        if "or-node" not in kinds:
            continue
        shape = next(part for part in group if part.get("class") == "or-shape")
        if shape.tag == SVG + "rect":
            x, y, w, h = (float(shape.get(key)) for key in ("x", "y", "width", "height"))
            box = x, y, x + w, y + h
        else:
            numbers = [float(n) for n in re.findall(r"-?[0-9.]+", shape.get("d"))]
            box = min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])
        text = " ".join(span.text or "" for span in group.iter(SVG + "tspan"))
        found[group.get("data-id")] = kinds[1][len("or-"):], group.find(SVG + "title").text, text, box
    return found


def fault(svg):
    """What is wrong with a picture, or None."""
    root = ET.fromstring(svg)
    if root.tag != SVG + "svg" or not root.find(SVG + "title").text or not root.find(SVG + "desc").text:
        return "no svg, or without title and desc"
    for element in root.iter():
        if element.tag.replace(SVG, "") not in ELEMENTS or set(element.keys()) - ATTRIBUTES:
            return "not to be there: %s %s" % (element.tag, element.keys())
    if b"<!" in svg or b"<?" in svg or b"url(" in svg or svg.count(b"http") - svg.count(b"http://x") != 1 or b"@import" in svg:
        return "markup that is not to be there"
    if any(ord(char) < 32 and char != "\n" or char in "\x7f\u202e\u2028" for char in "".join(root.itertext())):
        return "a control"
    width, height = (float(n) for n in root.get("viewBox").split()[2:])
    boxes = sorted((box, id) for id, (_, _, _, box) in nodes_of(root).items())
    for i, ((left, top, right, bottom), id) in enumerate(boxes):
        if left < -1 or top < -1 or right > width or bottom > height:
            return "%s lies outside" % id
        for (left2, top2, right2, bottom2), other in boxes[i + 1:]:
            if left2 >= right:
                break
            if top2 < bottom and top < bottom2:
                return "%s lies over %s" % (other, id)
    return None


def plain(text):
    return " ".join(text.split())


def left_out(svg):
    """How many nodes the picture says that it leaves out, where it has no room for all; what hangs on them alone is among those."""
    lines = re.findall("Left out: ([^<]*)", svg.decode())
    if not any("since there are more" in line for line in lines):
        return 0
    return sum(int(number) for line in lines for number in re.findall(r"(\d+) ", line))


def look_at_corpus(folder):
    lines = run([RELEASE, "extract", "--quiet", "corpora/articles"])[1].splitlines()
    faults, wrong, drawn = [], [], 0
    for number, graph in enumerate(lines):
        status, svg, messages = draw("-", stdin=graph)
        found = fault(svg) if status == 0 else messages
        if found:
            faults.append((number, found))
            continue
        graph = json.loads(graph)
        shown = nodes_of(ET.fromstring(svg))
        drawn += len(shown)
        nodes = {node["id"]: node for node in graph["nodes"]}
        linked = {edge[end] for edge in graph["edges"] if edge["type"] in ("said", "holds", "at") for end in ("source", "target")}
        linked -= {id for id in linked if nodes[id].get("honorific")}
        edges = [e for e in graph["edges"] if not any(nodes[e[end]].get("honorific") for end in ("source", "target"))]
        linked &= {e[end] for e in edges for end in ("source", "target")}
        for id, (kind, title, text, _) in shown.items():
            name = plain(nodes[id].get("name") or nodes[id]["text"])
            begins = text.strip("\u201c\u201d").rstrip("\u2026")[:24].replace(" ", "")
            if kind != nodes[id]["type"] or not name.strip("\u201c").replace(" ", "").startswith(begins) or name[:20] not in title:
                wrong.append((graph["graph"]["id"], id, kind, title, text))
        if len(linked - set(shown)) > left_out(svg):
            wrong.append((graph["graph"]["id"], "not shown", linked - set(shown)))
    ok(lines and not faults, "the pictures of corpora/ are sound", faults)
    ok(drawn > 500 and not wrong, "each node is what the graph has, and what is linked is shown", wrong[:5])
    article = "corpora/articles/harbour-deal.txt"
    pictures = {draw("-", stdin=next(l for l in lines if b"harbour-deal" in l[:200]), program=program)[1] for program in BUILDS.values()}
    pictures |= {draw(article, program=program)[1] for program in BUILDS.values()}
    ok(len(pictures) == 1, "the same from an article and its graph, by both builds")
    for name in "out.svg", "out.png":
        path = os.path.join(folder, name)
        status, output, messages = draw(article, "-o", path)
        ok(status == 0 and not output and os.path.getsize(path) > 5000, "written to " + name, messages)
    data = open(os.path.join(folder, "out.png"), "rb").read()
    root = ET.fromstring(pictures.pop())
    wide, high = struct.unpack(">II", data[16:24])
    ok(data[:8] == b"\x89PNG\r\n\x1a\n" and abs(wide - 2 * float(root.get("width"))) < 3 and abs(high - 2 * float(root.get("height"))) < 3,
       "a PNG image, of twice the size", (wide, high))


def look_at_options(folder):
    article = "corpora/articles/harbour-deal.txt"
    status, svg, messages = draw(article, "--only", "people,organizations", program=SANITIZED)
    kinds = {kind for kind, *_ in nodes_of(ET.fromstring(svg)).values()}
    ok(status == 0 and kinds == {"person", "organization"} and not fault(svg), "only people and organizations", messages)
    some, every = (nodes_of(ET.fromstring(draw(article, *more)[1])) for more in ((), ("--all",)))
    ok(b"Left out: " in draw(article)[1] and set(some) < set(every), "lone places are left out, and said to be; --all shows them")
    for wrong, message in ((["--only", "dogs"], "there is no kind dogs"), (["corpora/articles/bridge-council.txt"], "--article"),
                           (["--article", "3"], "only 1"), (["--article", "x"], "number")):
        status, output, messages = draw(article, *wrong)
        ok(status == 2 and not output and message in messages, "refused: " + " ".join(wrong), messages)
    status, svg, messages = draw(article, "corpora/articles/bridge-council.txt", "--article", "2")
    ok(status == 0 and svg == draw("corpora/articles/bridge-council.txt")[1], "the second of two articles", messages)
    empty = os.path.join(folder, "empty.txt")
    open(empty, "w").write("nothing is here\n")
    status, svg, messages = draw(empty, program=SANITIZED)
    ok(status == 0 and not fault(svg) and not nodes_of(ET.fromstring(svg)), "an article in which nothing is", messages)
    for name in "out.svg", "out.png":
        path = os.path.join(folder, "none-" + name)
        done = run(["env", "PATH=/nowhere", SANITIZED, "draw", "--quiet", article, "-o", path])
        ok(done[0] == 2 and "package graphviz" in done[2] and not os.path.exists(path), "without Graphviz: said, and no " + name, done)


def look_at_attacks():
    for number, attack in enumerate(ATTACKS + ["\n".join(ATTACKS)]):
        graph = json.loads(json.dumps(attacked()).replace(json.dumps("\n".join(ATTACKS))[1:-1], json.dumps(attack)[1:-1]))
        status, svg, messages = draw("--all", "-", stdin=line(graph), program=SANITIZED)
        ok(status == 0 and not fault(svg) and len(nodes_of(ET.fromstring(svg))) == 4, "nothing active: %r" % attack[:30], messages or fault(svg))
    data = draw("--all", "-o", "/dev/stdout", "-", stdin=line(attacked()))[1]
    ok(data.startswith(b"<svg"), "and into a device that is no file")


def crowd(seed, many):
    """A graph in which everything is linked with everything."""
    dice = random.Random(seed)
    groups = {kind: ["%s%d" % (kind[0], i) for i in range(many)] for kind in ("person", "organization", "a place", "title", "quote")}
    names = {"a place": "place"}
    nodes = [{"id": id, "type": names.get(kind, kind), "name": "A long name of the %s %s" % (kind, id), "text": "many words " * 300}
             for kind, ids in groups.items() for id in ids]
    people, bodies, places, titles, quotes = groups.values()
    edges = [{"source": dice.choice(a), "target": dice.choice(b), "type": kind} for _ in range(4 * many) for a, b, kind in
             ((people, quotes, "said"), (people, titles, "holds"), (titles, bodies, "at"), (people, bodies, "affiliated"), (bodies, places, "based_in"),
              (bodies, bodies, "part_of"), (places, places, "part_of"), (quotes, people + bodies + places, "mentions"))]
    return {"schema": "onrecord/1", "graph": {"id": "crowd", "headline": "W" * 5000}, "nodes": nodes, "edges": edges}


def look_at_crowds():
    for many in 10, 40, 120, 3000:
        for program in BUILDS.values():
            status, svg, messages = draw("--max-article=100M", "-", stdin=line(crowd(many, many)), program=program, limit=30)
            ok(status == 0 and not fault(svg) and len(svg) < 1 << 20, "%d of each kind, everything linked" % many, messages or fault(svg))
    broken = {"no graph": {"schema": "onrecord/1", "nodes": [], "edges": []}, "nodes that are none": dict(crowd(1, 2), nodes=[1]),
              "an edge to nowhere": dict(crowd(1, 2), edges=[{"source": "p0", "target": "p9", "type": "said"}]),
              "an id twice": dict(crowd(1, 2), nodes=2 * crowd(1, 2)["nodes"]), "ids that are numbers": dict(crowd(1, 2), nodes=[{"id": 1, "type": "person"}])}
    for what, graph in broken.items():
        status, output, messages = draw("--format", "jsonl", "-", stdin=line(graph), program=SANITIZED)
        ok(status == 2 and not output and "cannot be drawn" in messages, "refused: " + what, messages)
    words = [{"id": "p1", "type": "person", "name": "x" * 100000}, {"id": "q1", "type": "quote", "text": "\U0001f600\u4e2d\u0301" * 50000}]
    status, svg, messages = draw("-", stdin=line({"schema": "onrecord/1", "graph": {"id": "w"}, "nodes": words, "edges": []}), program=SANITIZED)
    ok(status == 0 and not fault(svg) and len(svg) < 20000, "endless words are cut", messages)


def main():
    with tempfile.TemporaryDirectory() as folder:
        look_at_corpus(folder)
        look_at_options(folder)
        look_at_attacks()
        look_at_crowds()


main()
finish()
