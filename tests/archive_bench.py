#!/usr/bin/python3
"""How fast an archive is: `make bench-archive`, or archive_bench.py PROGRAM [ARTICLES] [FOLDER].

Articles of tests/made.py (100,000 of them, with a million quotes) are stored, and then searched and checked, each time by a new process, as
a person at a terminal would; then the pages of `onrecord serve` are asked for, and pressed by wrk (tests/load.py).  The middle one of seven
times.  With FOLDER the archive is kept there and used again.
"""
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import made
from serving import serving

TIMES = 7
QUESTIONS = [
    ("a word that is everywhere", ["search", "the"]),
    ("a word", ["search", "bridge"]),
    ("a rare word", ["search", "workhouse"]),
    ("two words", ["search", "harbour", "wooden"]),
    ("a phrase", ["search", "at any price"]),
    ("the beginning of a word", ["search", "b*"]),
    ("a speaker", ["search", "--speaker", "underland"]),
    ("a letter of a speaker", ["search", "--speaker", "u"]),
    ("an organization", ["search", "--org", "harbour authority"]),
    ("a word, a speaker, from a year on", ["search", "fund", "--speaker", "edbury", "--since", "2010"]),
    ("who is spoken of", ["search", "--about", "calder"]),
    ("from a year on", ["search", "--since", "2024"]),
    ("the most quoted", ["entities"]),
    ("people with a name", ["entities", "edbury"]),
]
CHECKS = [
    ("word for word", "the auditors may lose the famous hostel by the end of June"),
    ("altered", "the growers had argued against a second windmill, when the ferry stopped"),
    ("of common words alone", "the council will need the bridge and that is only the beginning"),
    ("cut", "the younger players should welcome the honest levy, and it took 8855 days"),
    ("said by nobody", "my horse eats nothing but violets on a Sunday"),
]


def processor():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(command):
    """Seconds by the clock, seconds of the processor, lines."""
    begun, before = time.perf_counter(), processor()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode not in (0, 1):
        sys.exit("%s: exit status %d\n%s" % (" ".join(command), done.returncode, done.stderr.decode()))
    return time.perf_counter() - begun, processor() - before, done.stdout.count(b"\n")


def ask(name, command):
    """The middle times; the second is the better measure where other programs run."""
    clock, used, lines = zip(*(run(command) for _ in range(TIMES)))
    clock, used = 1000 * statistics.median(clock), 1000 * statistics.median(used)
    print("  %-36s %7.1f ms, %6.1f ms of the processor   %5d lines" % (name, clock, used, max(0, lines[0] - 1)))
    return clock, used


def first_of(server, view, kind):
    """The address of the most quoted of its kind, once all are counted."""
    while True:
        found = re.search(r'href="(/%s/\d+)"' % kind, server.ask(view)[2].decode())
        if found:
            return found[1]
        time.sleep(0.05)


def ask_pages(program, path):
    """Milliseconds of the slowest page."""
    with serving(path, program) as server:
        begun = time.perf_counter()
        person = first_of(server, "/people", "person")
        print("  all is counted after %.1f s" % (time.perf_counter() - begun))
        worst = 0
        for name, target in (("the start", "/"), ("the most quoted person", person), ("the most quoted organization", first_of(server, "/organizations", "organization")),
                             ("the most quoted place", first_of(server, "/places", "place")), ("a search", "/search?q=bri"), ("a check", "/check?q=the+auditors+may+lose+the+famous+hostel"),
                             ("an article", "/article/1")):
            clocks = []
            for _ in range(TIMES):
                begun = time.perf_counter()
                status = server.ask(target)[0]
                clocks.append(1000 * (time.perf_counter() - begun))
                if status != 200:
                    sys.exit("%s: status %d" % (target, status))
            print("  %-36s %7.1f ms" % (name, statistics.median(clocks)))
            worst = max(worst, statistics.median(clocks))
    return worst


def write(path, count):
    town = made.Town()
    with open(path, "w", encoding="utf-8") as file:
        for number in range(count):
            file.write(json.dumps(made.article(town, number), ensure_ascii=False) + "\n")


def store(program, articles, path):
    write(articles, COUNT)
    clock, used, _ = run([program, "store", "--quiet", path, articles])
    print("stored %d articles (%.0f MB) in %.0f s, %.0f s of the processor; the archive has %.0f MB; peak memory %.0f MB" %
          (COUNT, os.path.getsize(articles) / 1e6, clock, used, os.path.getsize(path) / 1e6,
           resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3))


COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 100000


def main():
    program = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as work:
        folder = sys.argv[3] if len(sys.argv) > 3 else work
        path = os.path.join(folder, "made.db")
        if not os.path.exists(path):
            store(program, os.path.join(work, "made.jsonl"), path)
        print("search:")
        worst = max(ask(name, [program, command, "--quiet", path, *rest] if command != "entities" else [program, command, path, *rest])
                    for name, (command, *rest) in QUESTIONS)
        print("check:")
        slowest = max(ask(name, [program, "check", "--quiet", path, words]) for name, words in CHECKS)
        print("pages:")
        page = ask_pages(program, path)
        print("the worst: search %.0f ms (%.0f of the processor), check %.0f ms (%.0f), page %.0f ms" % (*worst, *slowest, page), flush=True)
        subprocess.run([sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "load.py"), path, "10"], check=True)


main()
