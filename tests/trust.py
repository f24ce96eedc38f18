#!/usr/bin/python3
"""What a long run can be trusted with: killed at random points and gone on with, it writes the same bytes; a full disk loses nothing; every
article is counted once; duplicates are told."""
import json
import os
import random
import resource
import signal
import subprocess
import tempfile
import time

from tap import BUILDS, RELEASE, finish, ok, run

ARTICLES = 15000
PROSE = "Mayor Ada Quill of Port Wendle said on Monday that harbour number %d was shut. \"We will mend it,\" she said. "


def put(path, lines):
    with open(path, "w") as file:
        file.write("".join(line + "\n" for line in lines))
    return path


def read(path):
    with open(path, "rb") as file:
        return file.read()


def archive():
    """Articles: every 37th is broken, every 11th came before."""
    for i in range(ARTICLES):
        yield "{" if i % 37 == 5 else json.dumps({"id": str(i), "text": PROSE % (i - 11 if i % 11 == 10 else i) * 3})


def extract(*options):
    return [RELEASE, "extract", "-q", "--dedupe", "text", *options, "a.jsonl"]


def look_at_kills():
    random.seed(7)
    begun = time.monotonic()
    subprocess.run(extract("-j2", "-o", "whole.jsonl", "--errors", "whole.errors"))
    took = time.monotonic() - begun
    kills = 0
    command = extract("-j2", "-o", "part.jsonl", "--errors", "part.errors", "--resume")
    while kills < 20:
        running = subprocess.Popen(command)
        time.sleep(random.uniform(0.05, took / 10))
        if running.poll() is not None:
            break
        running.send_signal(signal.SIGKILL)
        running.wait()
        kills += 1
        if os.path.exists("part.jsonl"):
            break
    status = subprocess.run(command).returncode
    ok(kills >= 5 and status == 1, "killed at random points (%d times) and gone on with" % kills, (kills, status))
    ok(read("part.jsonl") == read("whole.jsonl"), "the output is the same, byte for byte")
    ok(read("part.errors") == read("whole.errors") and read("whole.errors").count(b"\n") == len(range(5, ARTICLES, 37)), "and so is the list of failures")
    ok(not [name for name in os.listdir(".") if ".part" in name], "nothing else is left behind", os.listdir("."))


def look_at_full_disk():
    def small():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (9000000, 9000000))
    done = subprocess.run(extract("-j2", "-o", "full.jsonl", "--errors", "full.errors"), preexec_fn=small, stderr=subprocess.PIPE)
    ok(done.returncode == 2 and b"full.jsonl: writing failed" in done.stderr and not os.path.exists("full.jsonl"), "a disk that is full is told",
       (done.returncode, done.stderr))
    done = subprocess.run(extract("-j1", "-o", "full.jsonl", "--errors", "full.errors", "--resume"))
    ok(read("full.jsonl") == read("whole.jsonl") and read("full.errors") == read("whole.errors"), "and gone on with, on another number of threads")


def look_at_mistakes():
    put("b.jsonl", ["{}"])
    running = subprocess.Popen([RELEASE, "extract", "-q", "-j1", "--format", "jsonl", "-o", "other.jsonl", "-"], stdin=subprocess.PIPE)  # it waits for more
    running.stdin.write(b'{"text": "Ada Quill left."}\n' * 3)
    running.stdin.flush()
    for _ in range(200):
        if os.path.exists("other.jsonl.part.state"):
            break
        time.sleep(0.1)
    status, _, messages = run([RELEASE, "extract", "-o", "other.jsonl", "b.jsonl"], cwd=os.getcwd())
    ok(status == 2 and "another run is writing it" in messages, "two runs do not write one file", (status, messages))
    running.kill()
    running.wait()
    status, _, messages = run([RELEASE, "extract", "--resume", "-o", "other.jsonl", "b.jsonl"], cwd=os.getcwd())
    ok(status == 2 and "other inputs or options" in messages, "a run is not gone on with by another", (status, messages))
    status, _, messages = run([RELEASE, "extract", "--resume", "b.jsonl"], cwd=os.getcwd())
    ok(status == 2 and "--resume needs -o" in messages, "--resume needs a file", (status, messages))


def look_at_counts(build):
    put("c.jsonl", ['{"id": "a", "text": "One."}', '{"id": "b", "text": "One."}', "[", '{"id": "a", "text": "Two."}', '{"text": 1}',
                    '{"id": "m", "text": "It\u00e2\u20ac\u2122s a caf\u00c3\u00a9, she\u00e2\u20ac\u2122s there."}'])
    for by, written, same in (("text", 3, 1), ("id", 3, 1)):
        status, out, messages = run([BUILDS[build], "extract", "-j2", "--dedupe", by, "--errors", "c.errors", "c.jsonl"], cwd=os.getcwd())
        ok(status == 1 and out.count(b"\n") == written and "6 articles: %d written, 2 failed, %d skipped (%d duplicate)" % (written, same, same) in messages,
           "%s: all are counted, duplicates by %s" % (build, by), (status, out.count(b"\n"), messages))
    listed = [json.loads(line) for line in open("c.errors")]
    ok([(e["source"], e["position"]["line"], "reason" in e) for e in listed] == [("c.jsonl", 3, True), ("c.jsonl", 5, True), ("c.jsonl", 6, False)],
       "%s: the list says source, position and reason" % build, listed)
    ok("mojibake" in listed[2]["warning"] and "mojibake" in messages, "%s: mojibake is told" % build, listed)


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        put("a.jsonl", archive())
        look_at_kills()
        look_at_full_disk()
        look_at_mistakes()
        for build in BUILDS:
            look_at_counts(build)
        os.chdir("/")


main()
finish()
