#!/usr/bin/python3
"""WARC and ARC: a site of our own, served on this machine and archived by wget; and records written by hand, sound and broken."""
import gzip
import http.server
import json
import os
import re
import subprocess
import tempfile
import threading
import zlib

from tap import BUILDS, finish, ok, run, skip

PAGE = ("<html><head><title>%s</title><meta charset=%s></head><body><h1>%s</h1><p>The harbour was shut on Monday after a week of gales that "
        "tore the roof from the caf\u00e9.</p><p>Nobody knows when it will open again, said the mayor, who had walked along the quay.</p>%s</body></html>")


def page(title, charset="utf-8", more=""):
    return (PAGE % (title, charset, title, more)).encode(charset)


class Site(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    pages = {
        "/": page("First", more="<a href=/chunked>1</a> <a href=/packed>2</a> <a href=/latin>3</a> <a href=/gone>4</a> <a href=/a.png>5</a>"),
        "/chunked": page("Chunked"), "/packed": gzip.compress(page("Packed")), "/latin": page("Latin", "iso-8859-1"), "/a.png": b"\x89PNG\r\n",
    }

    def do_GET(self):
        body = self.pages.get(self.path)
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "image/png" if self.path == "/a.png" else "text/html")
        if self.path == "/packed":
            self.send_header("Content-Encoding", "gzip")
        if self.path == "/chunked":
            self.send_header("Transfer-Encoding", "chunked")
            body = b"".join(b"%x\r\n%s\r\n" % (len(body[i:i + 100]), body[i:i + 100]) for i in range(0, len(body), 100)) + b"0\r\n\r\n"
        else:
            body = body or page("Not found")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def crawl(*options):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    root = "http://127.0.0.1:%d" % server.server_port
    subprocess.run(["wget", "-q", "-r", "-e", "robots=off", "--no-proxy", "--compression=none", "--warc-file=crawl", *options, root + "/"], stderr=subprocess.DEVNULL)
    server.shutdown()
    return root


def read(build, path):
    status, out, messages = run([BUILDS[build], "extract", "-j2", path], cwd=os.getcwd())
    return status, [json.loads(line)["graph"] for line in out.splitlines()], messages


def warc(kind, uri, block, length=None, more=b""):
    return (b"WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: <%s>\r\nWARC-Date: 2024-03-01T06:00:00Z\r\nWARC-Record-ID: <urn:uuid:%s>\r\n%s"
            b"Content-Type: application/http\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n" % (kind, uri, uri[-8:], more, len(block) if length is None else length, block))


def answer(body, head=b"Content-Type: text/html; charset=utf-8\r\n"):
    return b"HTTP/1.1 200 OK\r\n" + head + b"\r\n" + body


A, B = warc(b"response", b"http://example.com/a", answer(page("A"))), warc(b"response", b"http://example.com/b", answer(page("B")))
# what stands between A and B, the headlines that must come, and what must be said
BETWEEN = [
    ("nothing", b"", ["A", "B"], None),
    ("a request and a picture", warc(b"request", b"http://example.com/a", b"GET / HTTP/1.1\r\n\r\n") +
     warc(b"response", b"http://example.com/c.png", answer(b"\x89PNG", b"Content-Type: image/png\r\n")), ["A", "B"], None),
    ("junk", b"what is this\nand this\n", ["A", "B"], "record 1.*passed over"),
    ("a length that is too small", warc(b"response", b"http://example.com/c", answer(page("C")), 200), ["A", None, "B"], "record 2.*passed over"),
    ("a length that is no number", warc(b"request", b"http://example.com/c", b"").replace(b"Length: 0", b"Length: -7"), ["A", "B"], "record 2 .*no number"),
    ("no length", warc(b"request", b"http://example.com/c", b"").replace(b"Content-Length: 0\r\n", b""), ["A", "B"], "record 2 .*no Content-Length"),
    ("a broken gzip body", warc(b"response", b"http://example.com/c", answer(b"\x1f\x8b\x08nonsense", b"Content-Type: text/html\r\nContent-Encoding: gzip\r\n")),
     ["A", "B"], "cannot be unpacked"),
    ("a bare deflate body", warc(b"response", b"http://example.com/c", answer(zlib.compress(page("C"))[2:-4], b"Content-Type: text/html\r\nContent-Encoding: deflate\r\n")),
     ["A", "C", "B"], None),
    ("chunks that are none", warc(b"response", b"http://example.com/c", answer(page("C"), b"Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n")),
     ["A", "C", "B"], None),
    ("a cookie of 70 kB", warc(b"response", b"http://example.com/c", answer(page("C"), b"Set-Cookie: " + b"x" * 70000 + b"\r\nContent-Type: text/html\r\n")), ["A", "C", "B"], None),
    ("a field of 70 kB", warc(b"response", b"http://example.com/c", answer(page("C")), more=b"X-More: " + b"x" * 70000 + b"\r\n"), ["A", "C", "B"], None),
    ("2000 fields", warc(b"response", b"http://example.com/c", answer(page("C"), b"X: y\r\n" * 2000 + b"Content-Type: text/html\r\n")), ["A", "C", "B"], None),
    ("a page of no type", warc(b"response", b"http://example.com/c", answer(page("C"), b"")), ["A", "C", "B"], None),
    ("a picture of no type", warc(b"response", b"http://example.com/c", answer(b"\x89PNG", b"")), ["A", "B"], None),
    ("a body in the coding UTF-8", warc(b"response", b"http://example.com/c", answer(page("C"), b"Content-Type: text/html\r\nContent-Encoding: UTF-8\r\n")), ["A", "C", "B"], None),
    ("a body in an unknown coding", warc(b"response", b"http://example.com/c", answer(b"\1\2", b"Content-Type: text/html\r\nContent-Encoding: x\r\n")), ["A", "B"], "not read"),
    ("a body of two gzip", warc(b"response", b"http://example.com/c", answer(gzip.compress(page("C")[:15]) + gzip.compress(page("C")[15:]),
                                b"Content-Type: text/html\r\nContent-Encoding: gzip\r\n")), ["A", "C", "B"], None),
    ("a revisit, and what is known of a page", warc(b"revisit", b"http://example.com/a", answer(b"")) + warc(b"metadata", b"http://example.com/a", b"x: y"), ["A", "B"], None),
    ("a bomb", warc(b"response", b"http://example.com/c", answer(gzip.compress(b"a" * (300 << 20)), b"Content-Type: text/html\r\nContent-Encoding: gzip\r\n")),
     ["A", "B"], "unpacked, is longer than 16 MB; --max-article"),
]


# pages of which only a part is there: they are read, and told
PARTS = [
    ("by the crawler", warc(b"response", b"http://example.com/c", answer(page("C")[:-100]), more=b"WARC-Truncated: length\r\n")),
    ("into records", warc(b"response", b"http://example.com/c", answer(page("C"))[:-100], more=b"WARC-Segment-Number: 1\r\n") +
     warc(b"continuation", b"http://example.com/c", answer(page("C"))[-100:], more=b"WARC-Segment-Number: 2\r\n")),
    ("within a gzip", warc(b"response", b"http://example.com/c", answer(gzip.compress(page("C"))[:-50], b"Content-Type: text/html\r\nContent-Encoding: gzip\r\n"))),
    ("within a chunk", warc(b"response", b"http://example.com/c", answer(b"fff\r\n" + page("C"), b"Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n"))),
]


def look_at_parts(build):
    for name, part in PARTS:
        with open("p.warc", "wb") as file:
            file.write(A + part + B)
        status, graphs, messages = read(build, "p.warc")
        ok(status == 0 and [g["headline"] for g in graphs] == ["A", "C", "B"] and messages.count("only a part of the page") == 1, "%s: a page that was cut %s" % (build, name),
           (status, graphs, messages[:600]))


def look_at_records(build):
    for name, between, wanted, says in BETWEEN:
        with open("r.warc", "wb") as file:
            file.write(A + between + B)
        status, graphs, messages = read(build, "r.warc")
        got = [g["headline"] for g in graphs]
        good = len(got) == len(wanted) and all(w is None or w == g for w, g in zip(wanted, got)) and status == (1 if says else 0)
        ok(good and (re.search(says, messages) if says else not messages), "%s: between two records stands %s" % (build, name), (status, got, messages[:600]))
    with open("r.warc", "wb") as file:
        file.write(A + B[:-100])
    status, graphs, messages = read(build, "r.warc")
    ok(status == 1 and len(graphs) == 1 and "cut short" in messages, "%s: a WARC that is cut short" % build, (status, messages))
    with open("r.warc", "wb") as file:
        file.write(A + warc(b"response", b"http://example.com/c", b"x", 10 ** 15))
    status, graphs, messages = read(build, "r.warc")
    ok(status == 1 and len(graphs) == 1, "%s: a length beyond all files" % build, (status, messages))
    body = answer(page("Old"))
    with open("r.arc", "wb") as file:
        file.write(b"filedesc://x.arc 0.0.0.0 20140216050221 text/plain 68\n1 0 Example\nURL IP-address Archive-date Content-type Archive-length\n\n\n\n\n\n")
        file.write(b"http://example.com/a b 192.0.2.1 20140216050221 text/html %d\n%s\n" % (len(body), body))
    status, graphs, messages = read(build, "r.arc")
    ok(status == 0 and len(graphs) == 1 and graphs[0]["uri"] == "http://example.com/a b" and graphs[0]["meta"]["archived"] == "2014-02-16T05:02:21Z",
       "%s: an ARC" % build, (status, graphs, messages))


def look_at_crawl(build, path, root):
    status, graphs, messages = read(build, path)
    got = {g["uri"][len(root):]: g for g in graphs}
    ok(status == 0 and not messages and sorted(got) == ["/", "/chunked", "/latin", "/packed"], "%s: the pages of %s" % (build, path), (status, sorted(got), messages))
    ok(all(g["text"].count("caf\u00e9") == 1 and "\ufffd" not in g["text"] for g in graphs), "%s: their texts" % build, [g["text"] for g in graphs])
    ok([got[p]["headline"] for p in sorted(got)] == ["First", "Chunked", "Latin", "Packed"], "%s: their headlines" % build, got)
    ok(all(g["meta"]["archived"].startswith("20") and g["id"].startswith("urn:uuid:") for g in graphs), "%s: when they were archived" % build, graphs)


def look_at_damage(build, root):
    """wget packs each record by itself, so that damage to one costs no other."""
    data = bytearray(open("crawl.warc.gz", "rb").read())
    starts, at = [], 0
    while at < len(data):
        starts.append(at)
        packer = zlib.decompressobj(31)
        packer.decompress(bytes(data[at:]))
        at = len(data) - len(packer.unused_data)
    heads = [zlib.decompressobj(31).decompress(bytes(data[at:])) for at in starts]
    which = next(i for i, head in enumerate(heads) if b"WARC-Type: response" in head and (root + "/packed").encode() in head)
    data[(starts[which] + starts[which + 1]) // 2] ^= 0xff
    with open("hurt.warc.gz", "wb") as file:
        file.write(data)
    status, graphs, messages = read(build, "hurt.warc.gz")
    got = sorted(g["uri"][len(root):] for g in graphs)
    ok(status == 1 and set(got) - {"/packed"} == {"/", "/chunked", "/latin"} and "member %d of the gzip, at byte %d" % (which + 1, starts[which]) in messages,
       "%s: one record of a WARC is damaged" % build, (status, got, messages))


def look_at_brotli(build):
    try:
        import brotli
    except ImportError:
        return skip("%s: bodies in brotli" % build, "python3-brotli is not there")
    for name, body, wanted, says in (("whole", brotli.compress(page("C")), "C", None), ("unpacked already", page("C"), "C", None),
                                     ("broken", b"\xff" * 50, None, "cannot be unpacked"),
                                     ("a bomb", brotli.compress(b"a" * (300 << 20), quality=1), None, "longer than 16 MB")):
        with open("b.warc", "wb") as file:
            file.write(A + warc(b"response", b"http://example.com/c", answer(body, b"Content-Type: text/html\r\nContent-Encoding: br\r\n")) + B)
        status, graphs, messages = read(build, "b.warc")
        ok([g["headline"] for g in graphs] == [h for h in ("A", wanted, "B") if h] and (says in messages if says else not messages),
           "%s: a body in brotli, %s" % (build, name), (status, messages[:600]))


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        roots = {"crawl.warc.gz": crawl(), "crawl.warc": crawl("--no-warc-compression")}
        for build in BUILDS:
            for path, root in roots.items():
                look_at_crawl(build, path, root)
            look_at_records(build)
            look_at_parts(build)
            look_at_damage(build, roots["crawl.warc.gz"])
            look_at_brotli(build)
        os.chdir("/")


main()
finish()
