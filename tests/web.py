#!/usr/bin/python3
"""onrecord serve under attack: hostile articles, hostile requests, both builds.  (pages.py drives a browser.)"""
import contextlib
import csv
import html.parser
import io
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import sys
import tempfile
import threading
import urllib.parse
import xml.etree.ElementTree

from serving import Server, serving, store
from tap import BUILDS, RELEASE, ROOT, SANITIZED, finish, ok, run

ATTACKS = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "</title><script>alert(1)</script>",
           "javascript:alert(1)", "</textarea><svg onload=alert(1)>", "<!--", "]]><script>", "&lt;script&gt;", "\u202etpircs", "\x1b]0;owned\x07",
           "=HYPERLINK(\"http://x.example\")", "@SUM(1)", "+1+1", "-1", "\t=1", "%00", "%s%n", "' OR 1=1; --", "\u2028alert(1)", "a\r\nSet-Cookie: x=1"]


def hostile_graph(number, attack):
    """A graph in which every string is the attack."""
    text = attack + "\n\nIda " + attack + " Berg said: \"" + attack + "\"\n"
    end = len(text)
    mention = lambda start, stop: {"start": start, "end": stop, "text": text[start:stop], "kind": attack if number % 2 else "name", "rule": attack, "confidence": 0.5}
    node = lambda id, type: {"id": id, "type": type, "name": attack + " " + type, "named": True, "aliases": [attack], "gender": attack, "mentions": [mention(0, end), mention(end // 3, end)]}
    return {"schema": "onrecord/1", "directed": True, "multigraph": True,
            "graph": {"id": attack + str(number), "uri": attack, "headline": attack, "byline": attack, "dateline": attack, "published": attack,
                      "language": attack, "offsets": "codepoint", "text": text, "meta": {attack: attack},
                      "zones": [{"type": "headline", "start": 0, "end": len(attack)}, {"type": attack, "start": 1, "end": end}]},
            "nodes": [node("e1", "person"), node("e2", "organization"), node("e3", "place"),
                      {"id": attack + "t", "type": "title", "name": attack, "mentions": [mention(1, end - 1)]},
                      {"id": attack + "q", "type": "quote", "form": attack, "text": attack + " words", "spans": [{"start": 2, "end": end - 2}, {"start": end // 2, "end": end}],
                       "speaker": {"start": 0, "end": end, "text": attack, "kind": attack}, "cue": {"start": 0, "end": 2, "text": attack}, "act": attack,
                       "rule": attack, "confidence": 0.9, "negated": True}],
            "edges": [{"source": "e1", "target": attack + "q", "type": "said"}, {"source": "e1", "target": attack + "t", "type": "holds", "rule": attack},
                      {"source": attack + "t", "target": "e2", "type": "at", "rule": attack}, {"source": "e1", "target": "e2", "type": "affiliated", "role": attack},
                      {"source": "e2", "target": "e3", "type": "based_in"}, {"source": attack + "q", "target": "e2", "type": "mentions"}]}


# ---- what a browser would make of a page

VOID = {"meta", "link", "input", "br", "img"}
KNOWN = {"html", "head", "meta", "title", "link", "script", "body", "a", "header", "div", "span", "form", "label", "input", "button", "nav", "ul", "ol", "li",
         "main", "section", "h1", "h2", "p", "footer", "table", "caption", "thead", "tbody", "tr", "th", "td", "svg", "rect", "dl", "dt", "dd", "time", "em", "b",
         "strong", "blockquote", "mark", "article", "aside", "sup", "details", "summary", "textarea", "fieldset", "legend", "del", "ins", "pre", "br", "figure", "img"}
SCRIPTS = ["/script.js"]


class Page(html.parser.HTMLParser):
    """Looks whether a page has anything that is not ours, and whether its elements nest."""

    def __init__(self, text, more=()):
        super().__init__()
        self.known = KNOWN | set(more)
        self.wrong, self.stack, self.ids, self.links = [], [], set(), []
        self.feed(text)
        self.close()
        if self.stack:
            self.wrong.append("not closed: %s" % self.stack)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag not in self.known:
            self.wrong.append("element " + tag)
        if tag == "a" and "a" in self.stack:
            self.wrong.append("a link in a link: %s" % attributes)
        if tag == "script" and values.get("src") not in SCRIPTS:
            self.wrong.append("a script: %s" % attributes)
        for name, value in attributes:
            if name.startswith("on") or name == "style":
                self.wrong.append("attribute %s=%s" % (name, value))
            if name in ("href", "src", "action") and not re.match(r"https?://|/(?!/)|#", value or ""):
                self.wrong.append("address %s" % value)
        if "id" in values:
            if values["id"] in self.ids:
                self.wrong.append("id twice: %s" % values["id"])
            self.ids.add(values["id"])
        if tag == "a" and values.get("href", "").startswith("/"):
            self.links.append(values["href"])
        if tag not in VOID and not (tag == "rect"):
            self.stack.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID and tag != "rect":
            self.stack.pop()

    def handle_endtag(self, tag):
        if not self.stack or self.stack[-1] != tag:
            self.wrong.append("</%s> closes %s" % (tag, self.stack[-3:]))
        elif self.stack:
            self.stack.pop()

    def handle_comment(self, data):
        self.wrong.append("comment " + data)


def visit(server, start="/", most=None):
    """Follow all links from a page, those to places and organizations only while few have been seen; {target: (status, headers, body)}."""
    seen, waiting = {}, [start]
    while waiting:
        target = waiting.pop()
        if target in seen or len(seen) > 1500:
            continue
        status, headers, body = seen[target] = server.ask(target)
        if headers.get("content-type", "").startswith("text/html"):
            links = [link.split("#")[0] for link in Page(body.decode()).links]
            waiting += [link for link in links if most is None or not link.startswith(("/place/", "/organization/")) or most > len(seen)]
    return seen


def faults_of(target, status, headers, body):
    wrong = []
    if status not in (200, 302):
        wrong.append("status %d" % status)
    policy = headers.get("content-security-policy", "")
    kind = headers.get("content-type", "")
    if kind == "image/svg+xml" and ".svg" in target:  # a picture has its colours in it, and nothing else
        policy = policy.replace("style-src 'unsafe-inline'", "")
        tree = xml.etree.ElementTree.fromstring(body)
        wrong += ["in the picture: %s %s" % (e.tag, name) for e in tree.iter() for name in ["", *e.attrib] if e.tag.endswith(("script", "foreignObject", "}a")) or name.startswith("on") or name.endswith("href")]
    if "default-src 'none'" not in policy or "unsafe" in policy or headers.get("x-content-type-options") != "nosniff" or \
            headers.get("referrer-policy") != "no-referrer" or "set-cookie" in headers:
        wrong.append("headers: %s" % headers)
    if kind.startswith("text/html"):
        wrong += Page(body.decode()).wrong
        if re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", body):
            wrong.append("a control character")
    elif kind.startswith("text/csv"):
        rows = list(csv.reader(io.StringIO(body.decode(), newline="")))
        if len({len(row) for row in rows}) > 1:
            wrong.append("rows of different lengths")
        if any(cell.lstrip(" \t\r\n")[:1] in tuple("=+@-") and not re.fullmatch(r"-?[\d.]+", cell) for row in rows for cell in row):
            wrong.append("a formula")
    elif kind.startswith("application/json"):
        json.loads(body)
    if kind.startswith(("text/csv", "application/json")) and not headers.get("content-disposition", "").startswith("attachment; filename="):
        wrong.append("it is not to be saved: %s" % headers)
    return wrong


def look_at_hostile_articles(folder):
    path = os.path.join(folder, "hostile.db")
    store(path, [hostile_graph(i, attack) for i, attack in enumerate(ATTACKS)], folder)
    for build, program in BUILDS.items():
        with serving(path, program) as server:
            pages = visit(server)
            wrong = ["%s: %s" % (target, fault) for target, reply in pages.items() for fault in faults_of(target, *reply)]
            ok(len(pages) > 8 * len(ATTACKS) and not wrong, "%s: nothing of a hostile archive is active on any page" % build, "\n".join(wrong) + "\n%d pages" % len(pages))
            wrong = []
            for attack in ATTACKS:
                for target in "/search?q=%s", "/check?q=%s", "/people?q=%s", "/articles?q=%s", "/search?speaker=%s&org=%s", "/search?since=%s", "/search?about=%s", \
                        "/search.csv?q=%s", "/check.json?q=%s", "/rule/%s", "/person/%s", "/%s":
                    target = target.replace("%s", urllib.parse.quote(attack.replace("%00", "%0"), safe=""))
                    status, headers, body = server.ask(target)
                    wrong += ["%s: %s" % (target, fault) for fault in faults_of(target, 200 if status in (200, 400, 404) else status, headers, body)]
            ok(not wrong, "%s: nothing that is asked for is active on the page that answers" % build, "\n".join(wrong))
            status, messages = server.end()
            ok(status == 0 and messages == "", "%s: it ends cleanly" % build, "%s %s" % (status, messages))


def look_at_broken_archives(folder):
    """Files in which nothing is as the schema promises."""
    sound = os.path.join(folder, "sound.db")
    run([RELEASE, "store", "-q", sound, "corpora/articles/harbour-deal.txt"])
    values = ("NULL", "x'00ff3c73637269707420'", "'//evil.example/'", "-1", "1e300", "9223372036854775807")
    for number, value in enumerate(values):
        path = os.path.join(folder, "broken%d.db" % number)
        shutil.copy(sound, path)
        db = sqlite3.connect(path)
        db.executescript("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(replace(sql, 'NOT NULL', ''), 'CHECK (type IN (''person'', ''organization'', ''place''))', '') "
                         "WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'; PRAGMA writable_schema = RESET;")
        for table in "articles", "entities", "names", "appearances", "titles", "mentions", "quotes", "spans", "zones", "links", "holders", "bodies":
            for _, column, _, _, _, key in db.execute("PRAGMA table_info(%s)" % table).fetchall():
                if not key and not column.endswith("_id"):
                    with contextlib.suppress(sqlite3.DatabaseError):
                        db.execute('UPDATE %s SET "%s" = %s' % (table, column, value))
        db.commit()
        db.close()
        with serving(path, SANITIZED) as server:
            targets = ["/", "/people", "/organizations", "/places", "/articles", "/search", "/check?q=the+gates", "/article/1", "/article/1.json", "/article/1.csv", "/article/1.svg", "/search.csv"]
            targets += ["/%s/%d" % (kind, i) for kind in ("person", "organization", "place") for i in (1, 2, 3, 5, 9)]
            wrong = []
            for target in targets:
                status, headers, body = server.ask(target)
                kind = headers.get("content-type", "")
                wrong += ["%s: %s" % (target, fault) for fault in (Page(body.decode()).wrong if kind.startswith("text/html") else [])]
                if b"evil.example" in body and b'"//evil' in body and kind.startswith("text/html"):
                    wrong.append(target + ": an address of another site")
            status, messages = server.end()
            ok(status == 0 and not wrong and not messages, "an archive full of %s breaks nothing" % value, "%s %s" % (messages, "\n".join(wrong)))


def look_at_hostile_reports(folder):
    """The same in a file that stands alone: only its own style, its own anchors, and pictures."""
    path, source = os.path.join(folder, "report.html"), os.path.join(folder, "hostile.jsonl")
    with open(source, "w", encoding="utf-8") as file:
        for i, attack in enumerate(ATTACKS):
            file.write(json.dumps(hostile_graph(i, attack)) + "\n")
            file.write(json.dumps({"id": attack, "headline": attack, "byline": attack, "url": attack, "text": "Ida Berg said: \"" + attack + "\"\n\n" + attack}) + "\n")
    for build, program in BUILDS.items():
        for title in "Articles", "</title><script>alert(1)</script>":
            status, _, messages = run([program, "report", "-q", source, "-o", path, "--title", title], limit=120)
            text = open(path, encoding="utf-8").read() if status == 0 else ""
            page = Page(text, ["style", "g", "path", "text", "tspan", "desc", "polygon", "line", "circle", "ellipse"])
            wrong = page.wrong + [link for link in page.links] + ([] if text.count("<style>") == 1 else ["styles"])
            ok(status == 0 and not wrong and "default-src 'none'" in text and "class=\"one\"" in text, "%s: nothing of a hostile article is active in a report" % build,
               messages + "\n".join(wrong[:20]))
    os.mkdir(os.path.join(folder, "empty"))
    status, output, _ = run([SANITIZED, "report", "-q", os.path.join(folder, "empty"), "-o", path + ".none"])
    ok(status == 2 and not os.path.exists(path + ".none"), "no article makes no report")


# ---- hostile requests

def raw(server, line, *headers):
    return server.send(("\r\n".join([line, *headers]) + "\r\n\r\n").encode("latin-1"))


def status_of(reply):
    match = re.match(rb"HTTP/1\.[01] (\d+)", reply)
    return int(match[1]) if match else None


def look_at_requests(server, build):
    host = "Host: " + server.host
    for name, target, headers, wanted in (
            ("its own address", "/", {}, 200),
            ("localhost", "/", {"Host": "localhost:%d" % server.port}, 200),
            ("another host", "/", {"Host": "evil.example"}, 421),
            ("another host at our port", "/", {"Host": "evil.example:%d" % server.port}, 421),
            ("a host that begins as ours", "/", {"Host": "localhost.evil.example:%d" % server.port}, 421),
            ("another port", "/", {"Host": "127.0.0.1:1"}, 421),
            ("no host", "/", {"Host": None}, 400),
            ("a path upwards", "/../../etc/passwd", {}, 400),
            ("an encoded path upwards", "/article/..%2f..%2fetc%2fpasswd", {}, 404),
            ("a NUL", "/article/1%00.csv", {}, 400),
            ("broken code", "/search?q=%4", {}, 400),
            ("a long address", "/search?q=" + "a" * 5000, {}, 414),
            ("many parameters", "/search?" + "a=b&" * 50, {}, 400),
            ("SQL for a number", "/person/1%20OR%201=1", {}, 404),
            ("SQL for words", "/search?q=" + urllib.parse.quote("' UNION SELECT 1; DROP TABLE quotes; --"), {}, 200),
            ("operators of FTS5", "/search?q=" + urllib.parse.quote("NEAR(a b) OR NOT * ^ \" : {"), {}, 200),
            ("a page that cannot be", "/search?page=99999999999", {}, 200),
            ("no such article", "/article/999999", {}, 404),
            ("no such form", "/rule/clause.that.csv", {}, 404)):
        status, got, body = server.ask(target, headers=headers)
        ok(status == wanted and b"root:" not in body, "%s: %s: %d" % (build, name, wanted), "%s %s" % (status, body[:300]))
    for method in "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT", "FROB":
        status, headers, _ = server.ask("/", method, body=b"x=1" if method == "POST" else None)
        ok(status == 405 and headers.get("allow") == "GET, HEAD", "%s: %s is refused" % (build, method), "%s %s" % (status, headers))
    status, headers, body = server.ask("/", "HEAD")
    ok(status == 200 and body == b"" and int(headers["content-length"]) > 1000, "%s: HEAD has the headers alone" % build, headers)
    for name, line, more in (
            ("two hosts", "GET / HTTP/1.1", [host, "Host: evil.example"]),
            ("no version", "GET /", [host]),
            ("a version that is none", "GET / HTTP/9.9", [host]),
            ("no such thing as HTTP", "\x16\x03\x01\x02 \xff\xfe", []),
            ("a header that goes on for ever", "GET / HTTP/1.1", [host, "X: " + "a" * 100000]),
            ("headers without end", "GET / HTTP/1.1", [host] + ["X%d: y" % i for i in range(5000)]),
            ("a folded header", "GET / HTTP/1.1", [host, "X: a", " b: c"]),
            ("a length that is none", "GET / HTTP/1.1", [host, "Content-Length: -1"]),
            ("two lengths", "POST / HTTP/1.1", [host, "Content-Length: 1", "Content-Length: 2"]),
            ("an address of another server", "GET http://evil.example/ HTTP/1.1", [host])):
        reply = raw(server, line, *more)
        ok(status_of(reply) in (None, 400, 405, 413, 414, 421, 431, 501, 505) or (name == "a folded header" and status_of(reply) == 200),
           "%s: %s is refused" % (build, name), reply[:300])
    for name, data in ("nothing", b""), ("half a request", b"GET / HT"), ("noise", os.urandom(5000)), ("line ends", b"\r\n" * 5000), ("zeros", b"\0" * 5000):
        server.send(data)
    ok(server.ask("/")[0] == 200, "%s: and it goes on" % build)


def look_at_many(server, build):
    """Several at once, over connections that are kept."""
    wrong = []

    def work(number):
        for i in range(20):
            target = ("/", "/search?q=the", "/articles", "/check?q=the+gates+were+locked", "/people", "/article/%d" % (i + 1), "/nothing")[(number + i) % 7]
            status, _, body = server.ask(target)
            if status != (404 if target == "/nothing" else 200) or not body.endswith(b"</html>\n"):
                wrong.append("%s: %s" % (target, status))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ok(not wrong, "%s: many at once" % build, "\n".join(wrong))


def look_at_serving(folder):
    path = os.path.join(folder, "ours.db")
    status, _, messages = run([RELEASE, "store", "-q", path, "corpora/articles"])
    before = open(path, "rb").read()
    for build, program in BUILDS.items():
        with serving(path, program) as server:
            pages = visit(server, most=100)
            wrong = ["%s: %s" % (target, fault) for target, reply in pages.items() for fault in faults_of(target, *reply)]
            ok(len(pages) > 400 and not wrong, "%s: every page that can be reached is sound" % build, "\n".join(wrong[:20]) + "\n%d pages" % len(pages))
            look_at_requests(server, build)
            look_at_many(server, build)
            others = [run([program, "serve", path, "--port", str(server.port)])]
            ok(others[0][0] == 2 and "in use" in others[0][2], "%s: a port in use" % build, others)
            with socket.socket() as line:
                line.connect(("127.0.0.1", server.port))  # one that is open and says nothing does not hold it up
                status, messages = server.end(signal.SIGINT)
            ok(status == 0 and messages == "", "%s: Ctrl-C ends it" % build, "%s %s" % (status, messages))
    ok(open(path, "rb").read() == before, "the archive was only read")
    for name, command, wanted in (("an archive that is not there", ["serve", path + ".none"], "onrecord store"), ("what is no archive", ["serve", "README.md"], "no archive"),
                                  ("no archive at all", ["serve"], "name the archive"), ("a port that is none", ["serve", path, "--port", "70000"], "a port is")):
        status, output, messages = run([SANITIZED, *command])
        ok(status == 2 and wanted in messages and output == b"", name, messages)


def main():
    with tempfile.TemporaryDirectory() as folder:
        look_at_serving(folder)
        look_at_hostile_articles(folder)
        look_at_hostile_reports(folder)
        look_at_broken_archives(folder)


main()
finish()
