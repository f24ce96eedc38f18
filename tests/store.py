#!/usr/bin/python3
"""Archives: store, search, check, entities, and the questions of src/store/README.md; with kills, hostile graphs and both builds."""
import contextlib
import io
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time

from attacks import ATTACKS, attacked
from tap import BUILDS, RELEASE, ROOT, SANITIZED, finish, ok, run

ARTICLES = "corpora/articles"


def dump(path):
    with contextlib.closing(sqlite3.connect(path)) as db:
        return "\n".join(db.iterdump())


def ask(path, sql, *values):
    with contextlib.closing(sqlite3.connect(path)) as db:
        return db.execute(sql, values).fetchall()


def faults(path):
    """What is wrong with an archive as such."""
    found = []
    with contextlib.closing(sqlite3.connect(path)) as db:
        found += [row[0] for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
        found += ["a key to nothing: %s" % (row,) for row in db.execute("PRAGMA foreign_key_check")]
        for table in "quotes_fts", "articles_fts", "names_fts":
            try:
                db.execute("INSERT INTO %s (%s, rank) VALUES ('integrity-check', 1)" % (table, table))
            except sqlite3.DatabaseError as wrong:
                found.append("%s: %s" % (table, wrong))
        if db.execute("SELECT count(*) FROM appearances WHERE entity_id IS NULL").fetchone()[0]:
            found.append("an appearance has no entity")
        if db.execute("SELECT count(*) FROM appearances p WHERE quotes <> (SELECT count(*) FROM quotes q WHERE q.speaker_id = p.id)").fetchone()[0]:
            found.append("quotes are counted wrongly")
        found += ["entity %d has the wrong counts" % row for row in db.execute(
            "SELECT id FROM entities e WHERE quotes <> (SELECT coalesce(sum(p.quotes), 0) FROM appearances p WHERE p.entity_id = e.id) "
            "OR articles <> (SELECT count(DISTINCT p.article_id) FROM appearances p WHERE p.entity_id = e.id)")]
    return "\n".join(found)


def store(path, *inputs, program=RELEASE, stdin=b"", limit=120):
    return run([program, "store", path, *inputs], limit=limit, stdin=stdin)


def graphs_of(*options):
    status, output, messages = run([RELEASE, "extract", "-q", *options, ARTICLES])
    assert status == 0, messages
    return output


# ---- what is stored is what was found

def look_at_rows(path, graphs):
    """Row for row: nodes and edges of every graph, and text under every offset."""
    wrong = []
    with contextlib.closing(sqlite3.connect(path)) as db:
        for graph in graphs:
            name = graph["graph"]["id"]
            (article, text), = db.execute("SELECT id, text FROM articles WHERE name = ?", (name,))
            nodes, edges = graph["nodes"], graph["edges"]
            wanted = {
                "appearances": sum(n["type"] in ("person", "organization", "place") for n in nodes),
                "titles": sum(n["type"] == "title" for n in nodes),
                "quotes": sum(n["type"] == "quote" for n in nodes),
                "mentions": sum(len(n.get("mentions", [])) for n in nodes),
                "zones": len(graph["graph"]["zones"]),
                "links": sum(e["type"] in ("affiliated", "based_in", "lives_in", "part_of")
                             and not (e.get("negated") or e.get("hypothetical")) for e in edges),
            }
            for table, count in wanted.items():
                (got,), = db.execute("SELECT count(*) FROM %s WHERE article_id = ?" % table, (article,))
                if got != count:
                    wrong.append("%s: %d %s and not %d" % (name, got, table, count))
            for start, end, part in db.execute('SELECT start, "end", text FROM mentions WHERE article_id = ?', (article,)):
                if text[start:end] != part:
                    wrong.append("%s: %d-%d is not %r" % (name, start, end, part))
            said = {(e["source"], e["target"]) for e in edges if e["type"] == "said"}
            got = set(db.execute("SELECT p.node, q.node FROM quotes q JOIN appearances p ON p.id = q.speaker_id "
                                 "WHERE q.article_id = ?", (article,)))
            if said != got:
                wrong.append("%s: said %s and not %s" % (name, got, said))
    ok(not wrong, "every node, edge and offset of the graphs is in the archive", "\n".join(wrong))


def look_at_storing(folder):
    path = os.path.join(folder, "a.db")
    status, _, messages = store(path, ARTICLES)
    graphs = [json.loads(line) for line in graphs_of().splitlines()]
    ok(status == 0 and "%d articles added" % len(graphs) in messages, "articles are stored", messages)
    ok(not faults(path), "the archive is sound", faults(path))
    look_at_rows(path, graphs)
    first = dump(path)
    status, _, messages = store(path, ARTICLES)
    ok(status == 0 and "0 articles added, %d were there" % len(graphs) in messages and dump(path) == first,
       "a second time adds nothing", messages)
    for build, program in BUILDS.items():
        for unit in "codepoint", "byte", "utf16":
            other = os.path.join(folder, "%s-%s.db" % (build, unit))
            status, _, messages = store(other, "-", program=program, stdin=graphs_of("--offsets", unit))
            ok(status == 0 and dump(other) == first, "%s: graphs with offsets in %s make the same archive" % (build, unit), messages)
    other = os.path.join(folder, "threads.db")
    status, _, messages = store(other, "-j3", ARTICLES, program=SANITIZED)
    ok(status == 0 and dump(other) == first, "three threads make the same archive", messages)
    return path


# ---- killed

def many_articles(folder, count):
    texts = [open(os.path.join(ROOT, ARTICLES, name), encoding="utf-8").read() for name in sorted(os.listdir(os.path.join(ROOT, ARTICLES)))
             if name.endswith(".txt")]
    path = os.path.join(folder, "many.jsonl")
    with open(path, "w", encoding="utf-8") as file:
        for i in range(count):
            file.write(json.dumps({"id": "n%d" % i, "text": texts[i % len(texts)], "published": "2024-%02d-%02d" % (i % 12 + 1, i % 28 + 1)}) + "\n")
    return path


def stored(path):
    try:
        return ask(path, "SELECT count(*) FROM articles")[0][0]
    except sqlite3.OperationalError:  # not made yet, or locked at this moment
        return 0


def look_at_kills(folder):
    count = 1800
    many, whole, path = many_articles(folder, count), os.path.join(folder, "whole.db"), os.path.join(folder, "killed.db")
    store(whole, many)
    before = 0
    for number in range(3):
        child = subprocess.Popen([RELEASE, "store", "-q", path, many], cwd=ROOT)
        deadline = time.monotonic() + (30 if number else 0.1)  # the first before there is anything, the others in mid-batch
        while child.poll() is None and time.monotonic() < deadline and stored(path) == before:
            time.sleep(0.01)
        time.sleep(0.05)
        child.send_signal(signal.SIGKILL)
        child.wait()
        before = stored(path)
        sound = not before or not faults(path)
        ok(sound and before < count, "killed: sound, with a part of the articles", "%d articles" % before)
    ok(before > 0, "there was something to go on with")
    status, _, messages = store(path, many)
    ok(status == 0 and not faults(path) and dump(path) == dump(whole), "and it goes on to the same archive", messages)


# ---- people

def graph_of(name, people):
    """A graph with these people: (name, gender, title, organization)."""
    nodes, edges = [], []
    for i, (person, gender, title, body, *aliases) in enumerate(people):
        one, two, three = "e%d" % (2 * i + 1), "e%d" % (2 * i + 2), "t%d" % (i + 1)
        mention = {"start": 0, "end": 4, "text": person, "kind": "name", "rule": "test", "confidence": 0.9}
        nodes.append({"id": one, "type": "person", "name": person, "named": True, "aliases": aliases, "mentions": [mention],
                      **({"gender": gender} if gender else {})})
        if title:
            nodes.append({"id": three, "type": "title", "name": title, "mentions": []})
            edges.append({"source": one, "target": three, "type": "holds", "rule": "test", "confidence": 0.9})
        if body:
            nodes.append({"id": two, "type": "organization", "name": body, "named": True, "aliases": [], "mentions": []})
            edges.append({"source": one, "target": two, "type": "affiliated", "rule": "test", "confidence": 0.9})
    return {"schema": "onrecord/1", "directed": True, "multigraph": True, "nodes": nodes, "edges": edges,
            "graph": {"id": name, "headline": None, "byline": None, "dateline": None, "published": None, "offsets": "codepoint",
                      "zones": [], "text": "Text of " + name}}


PEOPLE = [  # (what it shows, first article, second article, one person?)
    ("name and organization agree", ("Vera Holm", None, "mayor", "Lund Council"), ("Vera Holm", None, "chair", "Lund Council"), True),
    ("name and title agree, one gives no organization", ("Vera Holm", None, "mayor", None), ("Vera HOLM", None, "mayor", "Lund Council"), True),
    ("the name alone", ("Vera Holm", None, None, None), ("Vera Holm", None, None, None), False),
    ("name and title agree, organizations differ", ("Vera Holm", None, "mayor", "Lund Council"), ("Vera Holm", None, "mayor", "Ystad Council"), False),
    ("a bare surname", ("Holm", None, "mayor", "Lund Council"), ("Holm", None, "mayor", "Lund Council"), False),
    ("an initial and a surname", ("V. Holm", None, "mayor", "Lund Council"), ("V. Holm", None, "mayor", "Lund Council"), False),
    ("sexes differ", ("Kim Holm", "male", "mayor", "Lund Council"), ("Kim Holm", "female", "mayor", "Lund Council"), False),
    ("a short form agrees, initials do not", ("Vera A. Holm", None, "mayor", "Lund Council", "Vera Holm"), ("Vera B. A. Holm", None, "mayor", "Lund Council", "Vera Holm"), False),
    ("a short form agrees, one is the younger", ("Olav Holm Jr.", None, "chair", "Holm Brothers", "Olav Holm"), ("Olav Holm Sr.", None, "chair", "Holm Brothers", "Olav Holm"), False),
    ("a short form agrees, and so does the full name", ("Vera A. Holm", None, "mayor", "Lund Council", "Vera Holm"), ("Vera Anna Holm", None, None, "Lund Council", "Vera Holm"), True),
    ("a name for friends", ("Veronica Holm", None, "mayor", "Lund Council", "Vera Holm"), ("Vera Holm", None, "mayor", "Lund Council"), True),
    ("a bare surname as a short form", ("Vera Holm", None, "mayor", "Lund Council", "Holm"), ("Olav Holm", None, "mayor", "Lund Council", "Holm"), False),
    ("accents and case do not matter", ("Véra Holm", None, "mayor", "Lund Council"), ("VERA HOLM", None, None, "LUND COUNCIL"), True),
]


def look_at_people(folder):
    for number, (what, one, two, joined) in enumerate(PEOPLE):
        path = os.path.join(folder, "people%d.db" % number)
        lines = "\n".join(json.dumps(graph_of(name, [who])) for name, who in (("one", one), ("two", two)))
        status, _, messages = store(path, "-", stdin=lines.encode())
        rows = ask(path, "SELECT DISTINCT entity_id FROM appearances WHERE type = 'person'")
        ok(status == 0 and (len(rows) == 1) == joined, "people: " + what, "%s %s" % (messages, rows))
    path = os.path.join(folder, "namesakes.db")
    store(path, "-", stdin=json.dumps(graph_of("one", [("Vera Holm", None, "mayor", "Lund Council")] * 2)).encode())
    ok(len(ask(path, "SELECT DISTINCT entity_id FROM appearances WHERE type = 'person'")) == 2, "two in one article stay two")
    look_at_undoing(os.path.join(folder, "people0.db"))
    look_at_chains(folder)
    look_at_bodies(folder)


CHAINS = [  # (what it shows, articles, which of them have one person)
    ("organizations differ, though neither did from what was between", [("Vera Holm", None, "mayor", "Lund Council", "V Anna Holm"),
     ("V Anna Holm", None, "mayor", None, "Vera Mai Holm"), ("Vera Mai Holm", None, "mayor", "Ystad Council")], [[0, 1], [2]]),
    ("a title alone, and then two organizations", [("Vera Holm", None, "mayor", None), ("Vera Holm", None, "mayor", "Lund Council"),
     ("Vera Holm", None, "mayor", "Ystad Council")], [[0, 1], [2]]),
    ("sexes differ, though one was not known", [("Kim Holm", "male", "mayor", "Lund Council"), ("Kim Holm", None, "mayor", "Lund Council"),
     ("Kim Holm", "female", "mayor", "Lund Council")], [[0, 1], [2]]),
    ("another office, and back", [("Vera Holm", None, "mayor", "Lund Council"), ("Vera Holm", None, "chair", "Lund Council"),
     ("Vera Holm", None, "chair", None), ("Vera Holm", None, None, "Lund Council")], [[0, 1, 2, 3]]),
    ("two of one name in two places, each known again", [("Vera Holm", None, "mayor", "Lund Council"), ("Vera Holm", None, "mayor", "Ystad Council"),
     ("Vera Holm", None, None, "Ystad Council"), ("Vera Holm", None, None, "Lund Council")], [[0, 3], [1, 2]]),
]


def look_at_chains(folder):
    for number, (what, people, groups) in enumerate(CHAINS):
        path = os.path.join(folder, "chain%d.db" % number)
        store(path, "-", stdin="\n".join(json.dumps(graph_of("article %d" % i, [person])) for i, person in enumerate(people)).encode())
        found = {}
        for article, entity in ask(path, "SELECT article_id, entity_id FROM appearances WHERE type = 'person' ORDER BY id"):
            found.setdefault(entity, []).append(article - 1)
        ok(list(found.values()) == groups, "people: " + what, found)
    path = os.path.join(folder, "titled.db")
    graph = graph_of("titled", [("Vera Holm", None, None, None, *("Vera%d Holm" % i for i in range(3000)))])
    for i in range(3000):
        graph["nodes"].append({"id": "t%d" % (i + 9), "type": "title", "name": "mayor %d" % i, "mentions": []})
        graph["edges"].append({"source": "e1", "target": "t%d" % (i + 9), "type": "holds"})
    begun = time.monotonic()
    store(path, "-", stdin="\n".join(json.dumps(dict(graph, graph=dict(graph["graph"], id=str(i)))) for i in range(3)).encode())
    ok(stored(path) == 3 and time.monotonic() - begun < 10, "three thousand names and titles of one person", time.monotonic() - begun)


WHO, HEALTH, WILD = "WHO", "World Health Office", "Wild Harvest Organisation"
BODIES = [  # (what it shows, the names of an organization article by article, which of them are one)
    ("initials that an article explains", [(HEALTH, WHO), (WHO,), (HEALTH,)], [[0, 1, 2]]),
    ("the name is the short one", [(WHO, HEALTH), (HEALTH,), (WHO,)], [[0, 1, 2]]),
    ("initials before anybody explains them", [(WHO,), (HEALTH, WHO), (WHO,)], [[0, 1, 2]]),
    ("initials that nobody explains", [(HEALTH,), (WHO,), (WHO,)], [[0], [1, 2]]),
    ("initials of two", [(HEALTH, WHO), (WILD, WHO), (WHO,), (WILD,), (WHO,)], [[0], [1, 3], [2, 4]]),
    ("what is left of a name", [("Lund City Council", "City Council"), ("City Council",), ("Ystad City Council", "City Council")], [[0], [1], [2]]),
]


def look_at_bodies(folder):
    for number, (what, names, groups) in enumerate(BODIES):
        path = os.path.join(folder, "bodies%d.db" % number)
        graphs = []
        for i, (name, *aliases) in enumerate(names):
            graphs.append(graph_of("article %d" % i, []))
            graphs[i]["nodes"].append({"id": "e1", "type": "organization", "name": name, "named": True, "aliases": aliases, "mentions": []})
        status, _, messages = store(path, "-", stdin="\n".join(map(json.dumps, graphs)).encode())
        found = {}
        for article, entity in ask(path, "SELECT article_id, entity_id FROM appearances ORDER BY id"):
            found.setdefault(entity, []).append(article - 1)
        ok(list(found.values()) == groups and not faults(path), "organizations: " + what, "%s %s" % (found, messages))
    path = os.path.join(folder, "bodies0.db")
    status, output, messages = run([SANITIZED, "entities", path, "--id", "1"])
    ok(status == 0 and b"name: who" in output and b"name: world health office" in output, "and why can be seen", output + messages.encode())
    status, _, messages = run([SANITIZED, "entities", path, "--split", "2"])
    ok(status == 0 and ask(path, "SELECT entity_id FROM appearances ORDER BY id") == [(1,), (2,), (1,)] and not faults(path), "and undone", messages)


def look_at_undoing(path):
    (one, entity), (two, _) = ask(path, "SELECT id, entity_id FROM appearances WHERE type = 'person' ORDER BY id")
    status, output, messages = run([SANITIZED, "entities", path, "--id", str(entity)])
    ok(status == 0 and b"organization: lund council" in output and b"name: vera holm" in output, "a merge can be seen, with its evidence",
       output + messages.encode())
    status, _, messages = run([SANITIZED, "entities", path, "--split", str(two)])
    rows = dict(ask(path, "SELECT id, entity_id FROM appearances WHERE type = 'person'"))
    ok(status == 0 and rows[one] == entity and rows[two] != entity and not faults(path), "a merge can be undone", messages)
    ok(ask(path, "SELECT kind, key FROM identities WHERE entity_id = ? ORDER BY 1, 2", entity) == [("organization", "lund council"), ("title", "mayor")],
       "each keeps what its own articles say")
    ok(not ask(path, "SELECT * FROM traits WHERE agreed AND appearance_id = ?", two), "and what agreed agrees no more")
    for wrong in str(two), "99999":
        status, _, messages = run([SANITIZED, "entities", path, "--split", wrong])
        ok(status == 2 and "appearance" in messages, "nothing to undo: " + wrong, messages)


# ---- hostile

def is_active(output):
    """Bytes that a terminal would obey."""
    return [byte for byte in output if byte < 32 and byte not in (9, 10)] or "\u202e".encode() in output or "\u2028".encode() in output


def look_at_attacks(folder):
    path = os.path.join(folder, "attacked.db")
    line = json.dumps(attacked()).encode()
    status, output, messages = store(path, "-", program=SANITIZED, stdin=line + b"\n" + graphs_of())
    ok(status == 0 and not faults(path), "attacks in every field are stored as text", messages)
    kept = ask(path, "SELECT text FROM quotes WHERE article_id = 1")[0][0]
    ok(kept == attacked()["nodes"][3]["text"].replace("\0", "\ufffd"), "and are the same text", kept)
    commands = [["search", path, "--columns"], ["search", path, "--cards"], ["check", path, "--cards", "we never said that"],
                ["check", path, "we never said that"], ["entities", path], ["entities", path, "holm"], ["entities", path, "--id", "1"]]
    commands += [[command, path, "--", attack.replace("\0", "")] for attack in ATTACKS for command in ("search", "check")]
    commands += [["entities", path, "--", attack.replace("\0", "")] for attack in ATTACKS]
    for command in commands:
        for color in "never", "always":
            status, output, messages = run([SANITIZED, command[0], "--color", color, *command[1:]])
            output = re.sub(rb"\x1b\[[0-9;]*m", b"", output) if color == "always" else output
            ok(status in (0, 1) and not is_active(output), "nothing active: %r %s" % (command[:1] + command[2:], color), output[:400] + messages.encode())
    ok(not faults(path), "and the archive is whole still")
    return path


def mutants():
    def change(what):
        graph = attacked()
        what(graph)
        return json.dumps(graph)

    yield "no JSON", '{"schema":"onrecord/1","graph":'
    yield "an edge from nowhere", change(lambda g: g["edges"][0].update(source="e9"))
    yield "an edge to the wrong kind", change(lambda g: g["edges"][1].update(target=g["nodes"][3]["id"]))
    yield "an unknown edge", change(lambda g: g["edges"][0].update(type="ate"))
    yield "an id twice", change(lambda g: g["nodes"].append(g["nodes"][0]))
    yield "an offset behind the text", change(lambda g: g["nodes"][0]["mentions"][0].update(end=10 ** 9))
    yield "a negative offset", change(lambda g: g["nodes"][0]["mentions"][0].update(start=-1))
    yield "an offset that is no number", change(lambda g: g["nodes"][0]["mentions"][0].update(start="0"))
    yield "an offset of twenty digits", change(lambda g: g["nodes"][0]["mentions"][0].update(end=10 ** 20))
    yield "an unknown unit", change(lambda g: g["graph"].update(offsets="words"))
    yield "bytes without a text", change(lambda g: (g["graph"].update(offsets="byte"), g["graph"].pop("text")))
    yield "nodes that are no list", change(lambda g: g.update(nodes={}))
    yield "a node that is none", change(lambda g: g["nodes"].append(7))
    yield "a node of no known type", change(lambda g: g["nodes"][0].update(type="dog"))
    yield "a quote without its words", change(lambda g: g["nodes"][3].pop("text"))
    yield "a name that is a number", change(lambda g: g["nodes"][0].update(name=5))
    yield "no id", change(lambda g: g["graph"].pop("id"))
    yield "nested too deep", '{"schema":"onrecord/1","x":' + "[" * 100000 + "]" * 100000 + "}"


def look_at_wrong_graphs(folder):
    good = json.dumps(graph_of("good", [("Vera Holm", None, "mayor", "Lund Council")]))
    for number, (what, line) in enumerate(mutants()):
        path = os.path.join(folder, "mutant%d.db" % number)
        status, _, messages = store(path, "--format", "jsonl", "-", program=SANITIZED, stdin=(line + "\n" + good + "\n").encode())
        names = [row[0] for row in ask(path, "SELECT name FROM articles")]
        ok(status == 1 and names == ["good"] and not faults(path), "refused, and the next is stored: " + what, "%s %s %s" % (status, names, messages[-600:]))


def look_at_refusals(folder):
    article, other = os.path.join(folder, "article.txt"), os.path.join(folder, "other.db")
    open(article, "w").write("A text of mine.\n")
    sqlite3.connect(other).executescript("CREATE TABLE mine (x); INSERT INTO mine VALUES (1);")
    for path, command in ((article, ["store", article, ARTICLES]), (other, ["store", other, ARTICLES]), (article, ["entities", article]), (article, ["search", article]), (article, ["check", article, "x"])):
        before = open(path, "rb").read()
        status, _, messages = run([SANITIZED, *command])
        ok(status == 2 and "no archive" in messages and open(path, "rb").read() == before,
           "%s: a file that is no archive is left alone" % command[0], messages)
    status, _, messages = run([SANITIZED, "entities", os.path.join(folder, "none.db")])
    ok(status == 2 and "no such archive" in messages and not os.path.exists(os.path.join(folder, "none.db")), "an archive that is not there", messages)
    for version, words in (2, "store its articles anew, into another file: onrecord store NEW.db INPUT..."), (1000, "a newer onrecord made it"):
        aged = os.path.join(folder, "aged.db")
        store(aged, os.path.join(ARTICLES, "harbour-deal.txt"))
        with contextlib.closing(sqlite3.connect(aged)) as db:
            db.execute("PRAGMA user_version = %d" % version)
        before = open(aged, "rb").read()
        for command in ["store", aged, ARTICLES], ["search", aged, "gates"], ["serve", aged, "--port", "0"]:
            status, _, messages = run([SANITIZED, *command])
            ok(status == 2 and words in messages and open(aged, "rb").read() == before, "%s: an archive of schema %d is left alone, and we say what to do" % (command[0], version), messages)
        os.remove(aged)
    torn = os.path.join(folder, "torn.db")
    store(torn, ARTICLES)
    data = bytearray(open(torn, "rb").read())
    data[4096:40000] = os.urandom(35904)
    open(torn, "wb").write(data)
    status, _, messages = run([SANITIZED, "entities", torn])
    ok(status == 2 and "archive" in messages, "a torn archive is an error, and no crash", messages)


# ---- the documentation

def look_at_docs(folder, path):
    text = open(os.path.join(ROOT, "src/store/README.md"), encoding="utf-8").read()
    blocks = re.findall(r"^```(sql|python)\n(.*?)^```", text, re.M | re.S)
    ok(len(blocks) > 5, "the documentation has examples")
    shutil.copy(path, os.path.join(folder, "news.db"))
    for language, block in blocks:
        name = "documented: " + " ".join(block.split())[:60]
        if language == "python":
            status, output, messages = run(["python3", "-c", block], cwd=folder)
            ok(status == 0 and output.strip(), name, messages)
            continue
        with contextlib.closing(sqlite3.connect(os.path.join(folder, "news.db"))) as db:
            *first, last = [part for part in block.split(";") if part.strip()]
            for statement in first:
                db.execute(statement)
            rows = db.execute(last).fetchall()
            ok(rows and rows != [(0,)], name, rows)
            db.commit()
    ok(not faults(os.path.join(folder, "news.db")), "and the archive is sound after them", faults(os.path.join(folder, "news.db")))


# ---- search and check

def rows_of(output):
    head, *lines = output.decode().splitlines()
    return [dict(zip(head.split("\t"), line.split("\t"))) for line in lines]


LIKE = "IN (SELECT p.id FROM appearances p JOIN names_fts f JOIN names n ON n.id = f.rowid AND n.entity_id = p.entity_id WHERE names_fts MATCH '%s')"
ABOUT = "q.id IN (SELECT u.quote_id FROM subjects u WHERE u.subject_id %s)"
WORDS = "q.id IN (SELECT rowid FROM quotes_fts WHERE quotes_fts MATCH '%s')"
WAYS = [  # of each question, what it means said simply; one speaker has few quotes there, one many
    (["the"], WORDS % "the"), (["the", "of"], WORDS % "the of"), (["wit*"], WORDS % "wit*"), ([], "1"),
    (["--speaker", "okafor"], "q.speaker_id " + LIKE % "okafor*"), (["the", "--speaker", "okafor"], WORDS % "the" + " AND q.speaker_id " + LIKE % "okafor*"),
    (["the", "--speaker", "a"], WORDS % "the" + " AND q.speaker_id " + LIKE % "a*"), (["--speaker", "a", "--since", "2024-05"], "a.day >= '2024-05' AND q.speaker_id " + LIKE % "a*"),
    (["the", "--until", "2024-04"], "a.day <= '2024-04-99' AND " + WORDS % "the"), (["--since", "2024-05-10", "--until", "2024-06"], "a.day BETWEEN '2024-05-10' AND '2024-06-99'"),
    (["--about", "c"], ABOUT % (LIKE % "c*")), (["the", "--about", "c"], WORDS % "the" + " AND " + ABOUT % (LIKE % "c*")),
]


def look_at_ways(many):
    for options, condition in WAYS:
        rows = rows_of(run([RELEASE, "search", many, "-n", "20000", *options])[1])
        wanted = ask(many, "SELECT coalesce(a.day, ''), a.name, q.node FROM quotes q JOIN articles a ON a.id = q.article_id WHERE " + condition +
                     " ORDER BY q.id DESC LIMIT 20000")
        if not options:
            wanted = ask(many, "SELECT coalesce(a.day, ''), a.name, q.node FROM quotes q JOIN articles a ON a.id = q.article_id ORDER BY a.day DESC, q.id LIMIT 20000")
        found = [(row["day"], row["article"], row["id"]) for row in rows]
        days = [row["day"] for row in rows]
        ok(wanted and sorted(found) == sorted(wanted) and days == sorted(days, reverse=True), "search %s: all that answer, the newest first" % " ".join(options),
           "%d, not %d" % (len(found), len(wanted)))


def look_at_search(path, many):
    for options, wanted in (
            (["--speaker", "okafor"], lambda r: len(r) == 3 and {q["speaker"] for q in r} == {"Daniel Okafor"}),
            (["--speaker", "dan oka", "--org", "dockworkers"], lambda r: len(r) == 3),
            (["--speaker", "kafor"], lambda r: not r),
            (["gates", "locked"], lambda r: len(r) == 1 and r[0]["act"] == "said"),
            (["gates were locked"], lambda r: len(r) == 1),
            (["locked gates were"], lambda r: not r),
            (["gate*", "--speaker", "okafor"], lambda r: len(r) == 1),
            (["NOT", "gates"], lambda r: all("gates" in q["quote"] for q in r)),
            (["--org", "university leeds"], lambda r: [q["title"] for q in r] == ["lecturer in design"])):
        status, output, messages = run([SANITIZED, "search", path, *options])
        ok(status == 0 and wanted(rows_of(output)), "search " + " ".join(options), output[:600].decode() + messages)
    about = ask(path, "SELECT e.name FROM subjects u JOIN appearances p ON p.id = u.subject_id JOIN entities e ON e.id = p.entity_id "
                      "WHERE e.named ORDER BY 1 LIMIT 1")[0][0]
    status, output, messages = run([SANITIZED, "search", path, "--about", about])
    ok(status == 0 and rows_of(output), "search --about " + about, messages)
    days = [q["day"] for q in rows_of(run([RELEASE, "search", many, "--since", "2024-03", "--until", "2024-04", "-n", "20000"])[1])]
    ok(days and days == sorted(days, reverse=True) and "2024-03-01" <= days[-1] and days[0] <= "2024-04-30", "from a month to a month, the newest first", days[:5])
    look_at_ways(many)
    for wrong in ["--since", "yesterday"], ["--until", "2024-3-1"], ["--limit", "0"]:
        ok(run([SANITIZED, "search", path, *wrong])[0] == 2, "search refuses " + " ".join(wrong))


CHECKS = [  # (words, options, exit status, a part of the difference)
    ("both times the gates were locked within two years", [], 0, "the gates were locked within"),
    ("Both times, the GATES were locked \u2014 within two years!", [], 0, "the gates were locked within"),
    ("the gates were closed within two years", [], 0, "[-closed-] {+locked+}"),
    ("They tell us nothing will change; we heard it in Cork", [], 0, "{+that+}"),
    ("the gates were locked within two years", ["--speaker", "okafor"], 0, "locked"),
    ("the gates were locked within two years", ["--speaker", "castellano"], 1, "locked"),
    ("my horse eats nothing but violets on a Sunday", [], 1, ""),
    ("", [], 1, ""),
    ("\" OR 1 -- NEAR(", [], 1, ""),
]


def look_at_check(path):
    for words, options, wanted, part in CHECKS:
        status, output, messages = run([SANITIZED, "check", path, *options, words])
        first = (rows_of(output) or [{"difference": ""}])[0]
        ok(status == wanted and part in first["difference"], "check %s %s" % (words, options), "%s %s %s" % (status, output[:500], messages))
    two = path + ".two"
    people = [graph_of("later", [("Ida Berg", None, None, None)]), graph_of("earlier", [("Olav Dahl", None, None, None)])]
    for graph, day in zip(people, ("2024-05-02", "2023-01-09")):
        graph["graph"]["published"] = day
        graph["nodes"].append({"id": "q1", "type": "quote", "form": "direct", "text": "The ferry will sail at nine", "spans": [{"start": 0, "end": 4}]})
        graph["edges"].append({"source": "e1", "target": "q1", "type": "said"})
    store(two, "-", stdin="\n".join(map(json.dumps, people)).encode())
    status, output, messages = run([SANITIZED, "check", two, "the ferry will sail at nine"])
    ok(status == 0 and len(rows_of(output)) == 2 and "earliest: 2023-01-09, earlier" in messages and "do not agree" in messages,
       "check tells the earliest, and that articles do not agree", output.decode() + messages)


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = look_at_storing(folder)
        look_at_docs(folder, path)
        look_at_check(path)
        look_at_people(folder)
        look_at_attacks(folder)
        look_at_wrong_graphs(folder)
        look_at_refusals(folder)
        look_at_kills(folder)
        look_at_search(path, os.path.join(folder, "whole.db"))


main()
finish()
