#!/usr/bin/python3
"""Exports, each read by a parser of its format: CSV, GraphML and GEXF by NetworkX, DOT by Graphviz, JSON Lines; with attacks in every field."""
import contextlib
import csv
import io
import json
import os
import re
import sqlite3
import tempfile
import xml.etree.ElementTree as ET

import fastjsonschema
import networkx

from attacks import ATTACKS, attacked
from tap import BUILDS, RELEASE, ROOT, SANITIZED, finish, ok, run

TABLES = ["articles", "entities", "appearances", "titles", "quotes", "subjects", "links", "mentions"]
SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"


def export(*arguments, program=RELEASE, stdin=b"", limit=120):
    return run([program, "export", "--quiet", *arguments], stdin=stdin, limit=limit)


def ask(path, sql, *values):
    with contextlib.closing(sqlite3.connect(path)) as db:
        return db.execute(sql, values).fetchall()


def dump(path):
    with contextlib.closing(sqlite3.connect(path)) as db:
        return list(db.iterdump())


def table(folder, name):
    with open(os.path.join(folder, name + ".csv"), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def is_formula(cell):
    return not re.fullmatch(r"-?[0-9.]+", cell) and cell.lstrip(" \"'")[:1] in tuple(SIGNS) and not cell.lstrip(' "').startswith("'")


def fault_of_csv(folder):
    """What a program would take for a formula, however it splits lines; or what is not RFC 4180."""
    for name in TABLES:
        data = open(os.path.join(folder, name + ".csv"), encoding="utf-8", newline="").read()
        rows = list(csv.reader(io.StringIO(data, newline=""), strict=True))
        if not data.endswith("\r\n") or len({len(row) for row in rows}) != 1:
            return name, "not rectangular"
        for delimiter in ",", ";", "\t":
            for row in csv.reader(io.StringIO(data), delimiter=delimiter):
                if any(is_formula(cell) for cell in row):
                    return name, delimiter, [cell for cell in row if is_formula(cell)]
        for line in data.splitlines():
            for delimiter in ";", "\t":
                if any(is_formula(cell) for cell in line.split(delimiter)):
                    return name, "split", line
        if any(ord(char) < 32 and char not in "\t\r\n" for char in data):
            return name, "a control"
    return None


def look_at_csv(folder, path):
    out = os.path.join(folder, "tables")
    status, output, messages = export(path, "--to", "csv", "-o", out, program=SANITIZED)
    ok(status == 0 and not output and sorted(os.listdir(out)) == sorted(name + ".csv" for name in TABLES), "a table for each kind", messages)
    ok(fault_of_csv(out) is None, "they are CSV, and safe", fault_of_csv(out))
    tables = {name: table(out, name) for name in TABLES}
    sources = {"titles": "titles t LEFT JOIN holders h ON h.title_id = t.id LEFT JOIN bodies b ON b.title_id = t.id"}
    wrong = [name for name in TABLES if len(tables[name]) != ask(path, "SELECT count(*) FROM " + sources.get(name, name))[0][0]]
    ok(not wrong, "with every row", wrong)
    ids = {name: {row["id"] for row in rows} for name, rows in tables.items() if name not in ("subjects",)}
    keys = [("appearances", "article_id", "articles"), ("appearances", "entity_id", "entities"), ("quotes", "article_id", "articles"), ("quotes", "speaker_id", "entities"),
            ("quotes", "parent_id", "quotes"), ("titles", "person_id", "entities"), ("titles", "body_id", "entities"), ("links", "source_id", "entities"),
            ("links", "target_id", "entities"), ("subjects", "quote_id", "quotes"), ("subjects", "entity_id", "entities"), ("mentions", "entity_id", "entities"),
            ("mentions", "title_id", "titles"), ("mentions", "article_id", "articles")]
    wrong = [(name, key) for name, key, other in keys if {row[key] for row in tables[name] if row[key]} - ids[other]]
    ok(not wrong, "every id leads to a row of another table", wrong)
    texts = {(str(id), text) for id, text in ask(path, "SELECT id, text FROM quotes")}
    ok({(row["id"], row["text"]) for row in tables["quotes"]} == texts, "the words of quotes are as in the archive")
    articles = dict(ask(path, "SELECT id, text FROM articles"))
    wrong = [row["text"] for row in tables["mentions"] if articles[int(row["article_id"])][int(row["start"]):int(row["end"])] != row["text"]]
    ok(not wrong, "offsets of mentions are those of the archive's texts", wrong[:3])
    said = {(row["speaker"], row["title"]) for row in tables["quotes"]}
    ok(("Daniel Okafor", "regional organiser") in said, "speakers have their titles")
    status, _, messages = export(path, "--to", "csv", "--bom", "-o", out)
    ok(status == 0 and open(os.path.join(out, "quotes.csv"), "rb").read(6) == b"\xef\xbb\xbfid,", "with a byte order mark", messages)


def graphs_of(folder, path, *options, program=RELEASE):
    """The same graph by both formats, as NetworkX reads it."""
    for name, read in (("graphml", networkx.read_graphml), ("gexf", networkx.read_gexf)):
        out = os.path.join(folder, "graph." + name)
        status, output, messages = export(path, "-o", out, *options, program=program)
        if not ok(status == 0 and not output, "%s %s" % (name, " ".join(options)), messages):
            continue
        yield name, read(out)


def edges_of(graph):
    return sorted((s, t, edge["kind"], edge.get("role") or "", float(edge["weight"])) for s, t, edge in graph.edges(data=True))


def look_at_graphs(folder, path):
    loaded = dict(graphs_of(folder, path, program=SANITIZED))
    for name, graph in loaded.items():
        kinds = {}
        for id, node in graph.nodes(data=True):
            kinds.setdefault(node["kind"], []).append(node)
        counts = dict(ask(path, "SELECT type, count(*) FROM entities GROUP BY type"), quote=ask(path, "SELECT count(*) FROM quotes")[0][0])
        ok(graph.is_directed() and {k: len(v) for k, v in kinds.items() if k != "title"} == counts, name + ": every node", counts)
        person = graph.nodes["e%d" % ask(path, "SELECT id FROM entities WHERE name = 'Daniel Okafor'")[0][0]]
        ok(person["label"] == "Daniel Okafor" and person["named"] is True and person["quotes"] == 3 and isinstance(person["articles"], int),
           name + ": attributes have types", person)
        said = [edge for _, _, edge in graph.edges(data=True) if edge["kind"] == "said"]
        ok(len(said) == ask(path, "SELECT count(speaker_id) FROM quotes")[0][0] and all(isinstance(edge["weight"], float) for edge in said), name + ": who said what")
        ok({edge["kind"] for _, _, edge in graph.edges(data=True)} >= {"said", "holds", "at", "affiliated", "mentions"}, name + ": every kind of link")
        ok(all(graph.nodes[end].get("kind") for edge in graph.edges() for end in edge), name + ": no edge to nowhere")
    ok(len({json.dumps(edges_of(graph)) for graph in loaded.values()}) == 1 and len(loaded) == 2, "both have the same links")
    for name, graph in graphs_of(folder, path, "--entities", program=SANITIZED):
        ok({node["kind"] for _, node in graph.nodes(data=True)} == {"person", "organization", "place"} and
           "speaks_of" in {edge["kind"] for _, _, edge in graph.edges(data=True)}, name + " of entities alone: who speaks of whom")
    ET.parse(os.path.join(folder, "graph.gexf"))
    status, output, messages = export(path, "--to", "dot", program=SANITIZED)
    counts = run(["gc", "-n", "-e"], stdin=output)[1].split()[:2]  # of nodes and of edges, by Graphviz
    graph = loaded["graphml"]
    ok(status == 0 and [int(count) for count in counts] == [len(graph), graph.number_of_edges()], "dot", "%s %s" % (counts, messages))


def dot_nodes(data):
    status, output, messages = run(["dot", "-Tdot_json"], stdin=data)
    return json.loads(output)["objects"] if status == 0 else []


def look_at_lines(folder, path):
    """Graphs that come out of an archive go into another, which is then the same."""
    out, again = os.path.join(folder, "again.jsonl"), os.path.join(folder, "again.db")
    status, _, messages = export(path, "-o", out, program=SANITIZED)
    lines = open(out, encoding="utf-8").read().splitlines()
    valid = fastjsonschema.compile(json.load(open(os.path.join(ROOT, "src/graph/schema.json"))))
    ok(status == 0 and lines and all(valid(json.loads(line)) for line in lines), "every line is of the format", messages)
    run([RELEASE, "store", "--quiet", again, out])
    before, after = dump(path), dump(again)
    ok(before == after, "what comes out goes in again, the same", [pair for pair in zip(before, after) if pair[0] != pair[1]][:2])
    made = {json.dumps(node) for line in run([RELEASE, "extract", "--quiet", "corpora/articles"])[1].splitlines() for node in json.loads(line)["nodes"]}
    ok(made == {json.dumps(node) for line in lines for node in json.loads(line)["nodes"]}, "its nodes are those that extract made")
    bare = [json.loads(line) for line in export(path, "--to", "jsonl", "--no-text")[1].splitlines()]
    ok(bare and not any("text" in graph["graph"] for graph in bare), "without texts")
    for options in ["--to", "graphml"], ["--to", "gexf", "--entities"], ["--to", "dot"], ["--to", "jsonl"]:
        outputs = {export(source, *options, program=program)[1] for source in (path, out, "corpora/articles") for program in BUILDS.values()}
        ok(len(outputs) == 1 and len(outputs.pop()) > 1000, "the same from archive, graphs and articles: " + " ".join(options))


def expected(text):
    """A text as XML, CSV and DOT can hold it: no control but tab and line ends."""
    return "".join(char if ord(char) >= 32 and char != "\x7f" or char in "\t\r\n" else "\ufffd" for char in text)


def look_at_attacks(folder):
    for number, attack in enumerate(ATTACKS + ["\n".join(ATTACKS), "\x01\x08\x0c\x1f\x7f\x85\ufffe\uffff", "a;=1", "a\n@b", "\u3000=1", '";"=1', "\\", "\\N\\G\"", "<b>x</b>"]):
        whole = json.loads(json.dumps(attacked()).replace(json.dumps("\n".join(ATTACKS))[1:-1], json.dumps(attack)[1:-1]))
        path, name = os.path.join(folder, "attack%d.db" % number), "attack %r: " % attack[:24]
        run([RELEASE, "store", "--quiet", path, "-"], stdin=json.dumps(whole).encode() + b"\n")
        text = expected(attack) + " Holm"
        out = os.path.join(folder, "attack%d" % number)
        status, _, messages = export(path, "--to", "csv", "-o", out, program=SANITIZED)
        fault = fault_of_csv(out) if status == 0 else messages
        ok(not fault, name + "csv", fault)
        ok(table(out, "entities")[0]["name"].replace("'", "") == text.replace("\ufffe", "\ufffe").replace("'", ""), name + "the same in csv", table(out, "entities")[0])
        text = text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
        for kind, graph in graphs_of(folder, path, program=SANITIZED):
            label = graph.nodes["e1"]["label"]
            ok(label == text and len(graph) == 4 and len(graph.edges) == 5, name + "the same in " + kind, repr(label))
        status, output, messages = export(path, "--to", "dot", program=SANITIZED)
        nodes = dot_nodes(output)
        words = [" ".join(node["label"].replace("\\\\", "\\").split()) for node in nodes]
        ok(len(nodes) == 4 and " ".join(expected(attack).split()) in words[1] and b"URL" not in output and b"label=<" not in output, name + "the same in dot", output[:400])
        status, output, messages = export(path, "--to", "jsonl", program=SANITIZED)
        ok(status == 0 and json.loads(output)["nodes"][0]["name"] == attack.replace("\0", "\ufffd") + " Holm", name + "the same in jsonl", messages)


def look_at_archives_of_others(folder, path):
    """An archive may come from anybody: its texts need not be UTF-8, nor its numbers numbers."""
    other = os.path.join(folder, "other.db")
    with contextlib.closing(sqlite3.connect(path)) as source, contextlib.closing(sqlite3.connect(other)) as db:
        source.backup(db)
        db.executescript("UPDATE entities SET name = CAST(x'ff3cc0' AS TEXT) WHERE id < 9; UPDATE quotes SET confidence = 9e999, text = CAST(x'e282' AS TEXT);"
                         "UPDATE mentions SET start = -5, confidence = 'much'; UPDATE articles SET meta = '{\"a\":', published = x'00ff'; UPDATE titles SET name = x'41ff';")
    for format in "graphml", "gexf", "dot", "jsonl":
        status, output, messages = export(other, "--to", format, program=SANITIZED)
        text = output.decode("utf-8")
        if format in ("graphml", "gexf"):
            ET.fromstring(text)
        ok(status == 0 and len(text) > 1000 and (format != "jsonl" or [json.loads(line) for line in text.splitlines()]), "broken values as " + format, messages)
    out = os.path.join(folder, "other")
    status, _, messages = export(other, "--to", "csv", "-o", out, program=SANITIZED)
    ok(status == 0 and not fault_of_csv(out), "broken values as csv", messages or fault_of_csv(out))


def look_at_refusals(folder, path):
    file = os.path.join(folder, "file")
    open(file, "w").write("mine")
    for arguments, message in ((["--to", "xls"], "no such format"), ([], "--to says"), (["--to", "csv"], "-o FOLDER"), (["--to", "csv", "-o", file], "no folder"),
                               (["--to", "gexf", "-o", "/nowhere/x.gexf"], "cannot be written"), (["corpora/articles", "--to", "dot"], "exported alone")):
        status, output, messages = export(path, *arguments, program=SANITIZED)
        ok(status == 2 and not output and message in messages, "refused: " + " ".join(arguments[:2]), messages)
    ok(open(file).read() == "mine", "and the file is what it was")
    empty = os.path.join(folder, "empty.jsonl")
    open(empty, "w").close()
    for format in "graphml", "gexf":
        status, output, messages = export(empty, "--to", format, program=SANITIZED)
        ok(status == 0 and ET.fromstring(output) is not None, "nothing as " + format, messages)
    status, output, messages = export(path, "--to", "dot", "-o", "/dev/full")
    ok(status == 2 and "No space" in messages, "a full disk", messages)


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "news.db")
        run([RELEASE, "store", "--quiet", path, "corpora/articles"])
        look_at_csv(folder, path)
        look_at_graphs(folder, path)
        look_at_lines(folder, path)
        look_at_attacks(folder)
        look_at_archives_of_others(folder, path)
        look_at_refusals(folder, path)


main()
finish()
