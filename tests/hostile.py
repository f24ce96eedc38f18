#!/usr/bin/python3
"""Input that is broken, huge or made to hurt: the right exit status and a clear message, within a time limit, in both
builds, and a graph that holds to all that a graph must.

A limit is about ten times what the case takes on a slow machine, so that it tells only of work that grows faster
than the input.  Under the sanitizers, where everything takes several times as long, the largest cases are cut to a
fifth (`less`)."""
import json
import os
import re
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import graph as graphs
from tap import BUILDS, finish, ok, run

MB = 1000 * 1000
PROSE = (b"The harbour was shut on Monday after a week of gales that tore the roof from the fish market and left two "
         b"boats on their sides. Nobody knows when it will open again, said Mayor Ada Quill, who had walked along the "
         b"quay in the morning. \"We will mend it,\" she said. The work could take until spring and cost as much as the "
         b"town earns in a year. ")
WORDS = b"Mayor Ada Quill of Port Wendle said the \"old\" harbour was shut. "


def article(text):
    return json.dumps({"id": "a", "text": text}).encode() + b"\n"


def repeat(piece, size):
    return (piece * (size // len(piece) + 1))[:size]


# ---- what is put in, and what must come of it.  The status is 0 unless said; `says` is what the messages must match;
# `graphs` how many graphs there must be; a size is a number of bytes unless it is said to be something else.

CASES = []


def case(name, make, size=0, less=None, ending="txt", options=(), status=0, says=None, count=1, limit=10):
    CASES.append(dict(name=name, make=make, size=size, less=less or size, ending=ending, options=options, status=status,
                      says=says, count=count, limit=limit))


# small
case("nothing", lambda n: b"")
case("nothing, as JSON Lines", lambda n: b"", ending="jsonl", count=0)
case("one byte", lambda n: b"x")
case("one newline", lambda n: b"\n")
case("one quotation mark", lambda n: b'"')
case("a NUL alone", lambda n: b"\0")
case("NULs in the text", lambda n: b"Ada\0Quill said \"\0\" in Port\0Wendle.\0")
case("every byte", lambda n: bytes(range(256)) * 4)
case("a byte order mark alone", lambda n: b"\xef\xbb\xbf")
case("half of a UTF-16 character", lambda n: b"\xff\xfeA")
case("only blanks", lambda n: b" \t\r\n" * 5000)
case("white space of every kind", lambda n: "\u00a0\u2028\u2029\u3000\v\f\u0085".encode() * 500)

# broken UTF-8: repaired, or refused with its place
BROKEN = {
    "a lone continuation byte": b"Ada \x80 said so.",
    "overlong": b"Ada \xc0\xaf said so.",
    "half a surrogate pair": b"Ada \xed\xa0\x80 said so.",
    "beyond the last code point": b"Ada \xf4\x90\x80\x80 said so.",
    "cut at the end": b"Ada \xe2\x80",
    "0xFF": b"Ada \xff\xfe said so.",
}
for what, broken in BROKEN.items():
    case("broken UTF-8 is repaired: " + what, lambda n, broken=broken: broken)
    case("broken UTF-8 is refused: " + what, lambda n, broken=broken: broken, options=["--strict"], status=1, count=0,
         says=r"broken UTF-8 at byte 4 ")
# not UTF-8, so read as Windows-1252; what comes out is marked by what looks like a mark read in the wrong character set
case("1 MB of broken bytes", lambda n: repeat(b"\xff\xc0\xe2\x80", n), size=MB, less=MB // 5, limit=30, says=r"mojibake")

# huge
case("one line of 50 MB", lambda n: repeat(PROSE, n), options=["--max-article=64M"], size=50 * MB, less=5 * MB, limit=120)
case("one word of 10 MB", lambda n: b"x" * n, size=10 * MB, less=2 * MB, limit=30)
case("one number of 10 MB", lambda n: b"1" * n, size=10 * MB, less=2 * MB, limit=30)
case("a million blank lines", lambda n: b"\n" * n, size=MB)
case("a million lines of one letter", lambda n: b"a\n" * n, size=MB, less=200000, limit=30)
case("1 MB of capitals", lambda n: b"A" * n, size=MB)
case("1 MB of words in capitals", lambda n: repeat(WORDS.upper(), n), size=MB, limit=20)
case("1 MB of words that begin with a capital", lambda n: repeat(b"Ada Quill Wendle Port ", n), size=MB, less=200000, limit=20)
case("1 MB of names, each another", lambda n: b" ".join(b"Ada%d Quill%d," % (i, i) for i in range(n)), size=60000, less=20000, limit=20)
case("1 MB of full stops", lambda n: b"." * n, size=MB)
case("1 MB of initials", lambda n: b"A." * n, size=MB // 2)
case("1 MB of hyphens", lambda n: b"a-" * n, size=MB // 2, less=100000, limit=20)
case("1 MB of combining marks", lambda n: b"a" + "\u0301".encode() * n, size=MB // 2)
case("1 MB of titles", lambda n: repeat(b"former deputy vice president ", n), size=MB, less=200000, limit=20)
case("1 MB of pronouns", lambda n: repeat(b"He said that she said that ", n), size=MB, less=200000, limit=20)
case("20,000 people of one surname", lambda n: b". ".join(b"Ada%d Quill met Quill" % i for i in range(n)), size=20000, less=4000,
     limit=20)
case("20,000 people of one given name", lambda n: b". ".join(b"Ada Quill%d met Ada" % i for i in range(n)), size=20000, less=4000,
     limit=20)
case("20,000 organizations of one acronym", lambda n: b". ".join(b"The Port%d Wendle Agency (PWA) met the PWA" % i for i in range(n)),
     size=20000, less=4000, limit=20)
case("1 MB of verbs of saying", lambda n: repeat(b"said told asked ", n), size=MB, less=200000, limit=20)
case("1 MB of according to", lambda n: repeat(b"according to the mayor, ", n), size=MB, less=200000, limit=20)
case("1 MB of names joined by and", lambda n: repeat(b"Ada Quill and ", n), size=MB, less=200000, limit=20)
case("1 MB of names joined by commas", lambda n: repeat(b"Ada Quill, mayor of Wendle, ", n), size=MB, less=200000, limit=20)
case("1 MB of clitics", lambda n: repeat(b"Ada's ", n), size=MB, less=200000, limit=20)
case("1 MB of colons", lambda n: repeat(b"ADA QUILL: so ", n), size=MB, less=200000, limit=20)
case("50,000 turns of a transcript", lambda n: b"\n".join(b"QUILL%d: It is so." % (i % 97) for i in range(n)), size=50000,
     less=10000, limit=20)
case("20,000 paragraphs with a speaker each", lambda n: b"\n\n".join(b'"It is so," said Ada Quill%d.' % i for i in range(n)),
     size=20000, less=4000, limit=20)

# marks; the size is their number
for shown, mark in (("double", '"'), ("single", "'"), ("opening", "\u201c"), ("closing", "\u201d"), ("angled", "\u00ab")):
    case("100,000 unclosed marks: " + shown, lambda n, mark=mark: (mark + "a ").encode() * n, size=100000, less=20000, limit=20)
case("100,000 marks and nothing else", lambda n: b'"' * n, size=100000)
case("marks, each opened in a paragraph of its own", lambda n: "\u201cIt is so\n\n".encode() * n, size=100000, less=20000, limit=20)
case("marks nested 50,000 deep", lambda n: "\u201cHe said \u2018".encode() * n + "so\u2019 he said\u201d ".encode() * n,
     size=25000, less=5000, limit=20)
case("brackets nested 100,000 deep", lambda n: b"(" * n + b"a" + b")" * n, size=100000)

# JSON Lines
case("JSON, cut in a string", lambda n: b'{"text": "Ada', ending="jsonl", status=1, count=0, says=r":1:10: .*does not end")
case("JSON, cut in an object", lambda n: b'{"text": "Ada"', ending="jsonl", status=1, count=0, says=r":1:\d+: ")
case("JSON, cut in an escape", lambda n: b'{"text": "Ada \\u12', ending="jsonl", status=1, count=0, says=r":1:\d+: ")
case("JSON without a text", lambda n: b'{"id": "a"}', ending="jsonl", status=1, count=0, says=r":1: .*\"?text\"?")
case("JSON whose text is a number", lambda n: b'{"text": 7}', ending="jsonl", status=1, count=0, says=r":1:\d+: ")
case("JSON, wrong in one line of three", lambda n: article("Ada") + b"{\n" + article("Bob"), ending="jsonl", status=1, count=2,
     says=r":2:\d+: ")
case("JSON that is no object", lambda n: b'["text"]', ending="jsonl", options=["--format=jsonl"], status=1, count=0, says=r":1:\d+: ")
case("JSON with a NUL and half a pair", lambda n: b'{"text": "Ada \\u0000 \\ud800 said so"}', ending="jsonl")
case("JSON, a line of 200 MB between others", lambda n: article("Ada") + b'{"text": "' + repeat(PROSE.replace(b'"', b""), n) + b'"}\n' + article("Bob"), size=200 * MB,
     less=20 * MB, ending="jsonl", status=1, count=2, says=r":2: the line is longer than 16 MB; --max-article", limit=30)
case("a text of 200 MB", lambda n: repeat(PROSE, n), size=200 * MB, less=20 * MB, status=2, count=0, says="longer than 16 MB; --max-article", limit=30)
case("--max-article", lambda n: article("Ada " * 500) + article("Bob"), options=["--max-article=1k"], ending="jsonl", status=1, count=1, says=":1: the line is longer than 1 kB")
case("JSON nested a million deep", lambda n: b'{"text": "Ada", "more": ' + b"[" * n + b"]" * n + b"}", size=MB, ending="jsonl",
     status=1, count=0, says=r":1:\d+: .*(deep|nest)")
case("JSON nested a million deep and cut", lambda n: b'{"text": "Ada", "more": ' + b'{"a":' * n, size=MB, ending="jsonl",
     status=1, count=0, says=r":1:\d+: ")
case("JSON with 100,000 fields", lambda n: b'{"text": "Ada"' + b"".join(b', "f%d": 1' % i for i in range(n)) + b"}", size=100000,
     ending="jsonl")
case("100,000 empty articles", lambda n: b'{"text": ""}\n' * n, size=100000, less=20000, ending="jsonl", count=None, limit=60)

# web pages
STORY = b"<p>" + PROSE + b"</p>"
case("a page that is cut in a tag", lambda n: b"<html><body>" + STORY + b"<p class='", ending="html")
case("a page of 1 MB of unclosed tags", lambda n: b"<html>" + b"<b>" * n, size=350000, ending="html", status=1, count=0, says="nested more than")
case("a page of 1 MB of end tags", lambda n: b"<html><body>" + b"<i>" * 1000 + b"</a>" * n, size=250000, less=50000, ending="html", limit=30)
case("a page of 5 MB of paragraphs", lambda n: b"<html><body>" + repeat(STORY, n), size=5 * MB, less=MB, ending="html", limit=60)
case("a page of 1 MB of elements with classes, each another", lambda n: b"<html>" + b"".join(b"<p class='related-%d'>a</p>" % i for i in range(n)),
     size=40000, less=8000, ending="html", limit=30)
case("a page of 1 MB of line breaks", lambda n: b"<html><body>a" + b"<br>" * n, size=250000, ending="html", limit=20)
case("a page of 1 MB of attributes", lambda n: b"<html><p" + b"".join(b" class%d=a" % i for i in range(n)) + b">", size=80000,
     ending="html", status=1, count=0, says="more than 10000 attributes")
case("a page with JSON-LD nested 100,000 deep", lambda n: b"<html><script type='application/ld+json'>" + b"[" * n + b"</script>" + STORY,
     size=100000, ending="html")
case("a page with NULs and every byte", lambda n: b"<html><body>" + STORY + bytes(range(256)) * 4 + STORY, ending="html")

# news in XML
RSS = b"<?xml version='1.0'?><rss version='2.0'><channel>%s</channel></rss>"
ITEM = b"<item><title>Gales</title><description>The harbour was shut.</description></item>"
LAUGHS = (b"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a0 'ha'>" +
          b"".join(b"<!ENTITY a%d '%s'>" % (i, b"&a%d;" % (i - 1) * 10) for i in range(1, 12)) + b"]>")
case("a feed of 20,000 items", lambda n: RSS % (ITEM * n), size=20000, less=2000, count=None, ending="xml", limit=30)
case("a feed that is cut", lambda n: (RSS % (ITEM * 3))[:-60], count=2, status=1, ending="xml", says="it is cut short: </item> is missing")
case("a feed that is cut between items", lambda n: (RSS % (ITEM * 3))[:-16], count=3, status=1, ending="xml", says="it is cut short: </rss> is missing")
case("a feed with broken items", lambda n: RSS % (ITEM + b"<item><title>a<b></title></item>" + ITEM + b"<item><title>never ended" + ITEM + b"<item x='>'><title>a</title></item>"), count=4,
     status=1, ending="xml", says="the item is no XML(.|\\n)*the item is no XML")
case("a feed of 1 MB of tags that do not end", lambda n: b"<rss><item>" + b"<a " * n, size=MB // 3, count=0, status=2, ending="xml", says="cut short")
case("a feed of 1 MB of quotation marks", lambda n: b"<rss><item>" + b"<a '" * n, size=MB // 4, count=0, status=2, ending="xml", says="cut short")
case("a feed with an item of 100 MB", lambda n: RSS % (ITEM + b"<item><title>Gales</title><description>" + repeat(b"<b>The harbour was shut.</b>", n // 28 * 28) +
     b"</description></item>" + ITEM), size=100 * MB // 28 * 28, less=20 * MB // 28 * 28, count=2, status=1, ending="xml", says="an item is longer than 16 MB", limit=60)
case("a billion laughs", lambda n: LAUGHS + b"<rss><channel><item><title>&a11;</title></item></channel></rss>", count=0, status=1, ending="xml",
     says="the item is no XML: Detected an entity reference loop")
case("an entity that is another file", lambda n: b"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
     b"<rss><channel><item><title>Gales</title><description>a &x; b</description></item></channel></rss>", ending="xml")
case("an item nested 100,000 deep", lambda n: RSS % (b"<item><title>Gales</title><description>" + b"<b>" * n), size=100000, count=0, status=2, ending="xml",
     says="it is cut short")
case("an item nested 10,000 deep", lambda n: RSS % (b"<item><title>Gales</title><description>" + b"<b>" * n + b"</b>" * n + b"</description></item>" + ITEM), size=10000, count=1,
     status=1, ending="xml", says="Excessive depth")
case("XML that is no news", lambda n: b"<?xml version='1.0'?><recipe><p>Take two eggs.</p></recipe>", ending="xml")
case("a NewsML item with nothing in it", lambda n: b"<newsItem guid='a'><contentSet><inlineXML/></contentSet></newsItem>", ending="xml")

# formats that are not read
case("gzip, the first bytes alone", lambda n: b"\x1f\x8b\x08\0\0\0\0\0", status=2, count=0, says=r"cannot be unpacked")
case("a PDF", lambda n: b"%PDF-1.7\n", status=2, count=0, says=r"a PDF")


def look_at(path, case, build):
    status, output, messages = run([BUILDS[build], "extract", "-j1", *case["options"], path], limit=case["limit"])
    found = []
    if status != case["status"]:
        found.append("status %s and not %d; %s" % (status, case["status"], messages[-3000:]))
    if case["says"] and not re.search(case["says"], messages):
        found.append("the message does not match %s: %s" % (case["says"], messages[:500]))
    if not case["says"] and messages:
        found.append("it says " + messages[:500])
    if any(byte < " " and byte != "\n" for byte in messages):
        found.append("the message holds control characters: %r" % messages[:300])
    lines = output.splitlines()
    wanted = case["size" if build == "release" else "less"] if case["count"] is None else case["count"]
    if status is not None and len(lines) != wanted:
        found.append("%d graphs and not %d" % (len(lines), wanted))
    if len(output) < 20 * MB:  # Python takes too long over more
        for line in lines[:100]:
            found += graphs.faults(graphs.read(line))
    return found


def one(job):
    case, build, folder = job
    path = os.path.join(folder, "%d-%s.%s" % (CASES.index(case), build, case["ending"]))
    with open(path, "wb") as file:
        file.write(case["make"](case["size"] if build == "release" else case["less"]))
    try:
        return look_at(path, case, build)
    finally:
        os.remove(path)


def main():
    only = re.compile(sys.argv[1] if len(sys.argv) > 1 else "")
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        jobs = [(case, build, folder) for case in CASES for build in BUILDS if only.search(case["name"])]
        for (case, build, _), found in zip(jobs, pool.map(one, jobs)):
            ok(not found, "%s: %s" % (build, case["name"]), "\n".join(found[:10]))


main()
finish()
