#!/usr/bin/python3
"""What a long run can be trusted with: killed at random points and gone on with, it writes the same bytes; a full disk loses nothing; every
article is counted once; duplicates are told; how far it is is shown."""
import fcntl
import json
import os
import pty
import random
import re
import resource
import signal
import struct
import subprocess
import tempfile
import termios
import time

from tap import BUILDS, RELEASE, finish, ok, run, skip

ARTICLES, KILLS = 20000, 20
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


def extract(name, *options):
    return [RELEASE, "extract", "-q", *options, "-o", name + ".jsonl", "--errors", name + ".errors"]


def same(part, whole):
    return read(part + ".jsonl") == read(whole + ".jsonl") and read(part + ".errors") == read(whole + ".errors")


def look_at_kills(source, options):
    """Killed twenty times, at points that nobody chose; what comes out in the end is what one run writes."""
    what = " ".join([source] + options)
    begun = time.monotonic()
    subprocess.run(extract("whole", *options, source))
    took = time.monotonic() - begun
    kills = 0
    command = extract("part", "--resume", *options, source)
    while kills < KILLS:
        running = subprocess.Popen(command)
        time.sleep(random.uniform(0.05, max(0.2, took / 15)))
        if running.poll() is not None:
            break
        running.send_signal(signal.SIGKILL)
        running.wait()
        kills += 1
    status = subprocess.run(command).returncode
    ok(kills == KILLS and status == 1, "%s: killed %d times and gone on with" % (what, KILLS), (kills, status, took))
    ok(same("part", "whole"), "%s: the output and the list of failures are the same, byte for byte" % what)
    ok(read("whole.errors").count(b"\n") == len(range(5, ARTICLES, 37)), "%s: every failure is listed once" % what)
    ok(not [name for name in os.listdir(".") if ".part" in name], "%s: nothing else is left behind" % what, os.listdir("."))
    os.remove("part.jsonl")


def look_at_full_file():
    def small():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (9000000, 9000000))
    done = subprocess.run(extract("full", "-j2", "a.jsonl"), preexec_fn=small, stderr=subprocess.PIPE)
    ok(done.returncode == 2 and b"full.jsonl: writing failed" in done.stderr and b"--resume" in done.stderr and not os.path.exists("full.jsonl"),
       "a file that may not grow is told", (done.returncode, done.stderr))
    subprocess.run(extract("full", "-j1", "--resume", "a.jsonl"))
    ok(same("full", "plain"), "and gone on with, on another number of threads")


def look_at_full_disk():
    """A disk of a few MB, with the output, the list and the checkpoint on it."""
    os.mkdir("disk")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", "disk"], stderr=subprocess.DEVNULL).returncode != 0:
        return skip("a small disk that is full", "only root can mount one")
    try:
        done = subprocess.run(extract("disk/a", "-j2", "a.jsonl"), stderr=subprocess.PIPE)
        ok(done.returncode == 2 and b"writing failed: No space left" in done.stderr and b"--resume" in done.stderr and not os.path.exists("disk/a.jsonl"),
           "a small disk that is full is told", (done.returncode, done.stderr))
        again = subprocess.run(extract("disk/a", "-j2", "--resume", "a.jsonl"), stderr=subprocess.PIPE)
        ok(again.returncode == 2 and b"writing failed: No space left" in again.stderr, "and told again, while it is full", (again.returncode, again.stderr))
        subprocess.run(["mount", "-o", "remount,size=200m", "disk"], check=True)
        done = subprocess.run(extract("disk/a", "-j2", "--resume", "a.jsonl"), stderr=subprocess.PIPE)
        ok(done.returncode == 1 and same("disk/a", "plain"), "and gone on with, once there is room", (done.returncode, done.stderr))
    finally:
        subprocess.run(["umount", "disk"])


def on_a_terminal(command):
    """Run it with its messages on a terminal of 80 columns: what is shown there."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    running = subprocess.Popen(command, stderr=theirs, stdout=subprocess.DEVNULL)
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 65536):
            shown += piece
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    running.wait()
    return shown.decode()


def look_at_progress():
    command = [RELEASE, "extract", "-o", "p.jsonl", "a.jsonl"]
    lines = on_a_terminal(command).split("\r\x1b[K")
    drawn = [line for line in lines if re.match(r"\d+ articles, \d+ failed, [\d.]+ of [\d.]+ MB \(\d+ %\), [\d.]+ MB of text/s, \d:\d\d left$", line)]
    ok(len(drawn) >= 2, "on a terminal: articles, failures, bytes, speed and the time that is left", lines[:5])
    ok(max(len(line) for line in drawn) < 80 and "%d articles, %d failed" % (ARTICLES, len(range(5, ARTICLES, 37))) in lines[-1] and "100 %" in lines[-1],
       "in one line, and the whole at the end", lines[-1])
    subprocess.run("gzip -kf a.jsonl; mkdir f; cp a.jsonl.gz f", shell=True, check=True)
    shown = on_a_terminal([RELEASE, "extract", "-o", "p.jsonl", "f"])
    ok("of %.1f MB (100 %%)" % (os.path.getsize("f/a.jsonl.gz") / 1e6) in shown, "of a compressed file in a folder", shown[-300:])
    quiet = subprocess.run([RELEASE, "extract", "-o", "p.jsonl", "b.jsonl"], stderr=subprocess.PIPE)
    ok(quiet.stderr == b"", "nothing in a pipe", quiet.stderr)
    log = subprocess.run([RELEASE, "extract", "-q", "--progress=always", "-o", "p.jsonl", "a.jsonl"], stderr=subprocess.PIPE).stderr.decode()
    ok(log.count("\n") == 1 and "\x1b" not in log and "\r" not in log and "100 %" in log, "in a log, one line for less than a minute", log)


def peak_of(source):
    """Peak memory in MB of a run in two threads.  (What the system says of a child that has ended counts its parent's memory too.)"""
    running = subprocess.Popen([RELEASE, "extract", "-q", "-j2", "-o", "m.jsonl", source], stderr=subprocess.DEVNULL)
    peak = 0
    while running.poll() is None:
        with open("/proc/%d/status" % running.pid) as file:
            found = re.search(r"onrecord\n(?:.*\n)*VmHWM:\s*(\d+) kB", file.read())
        peak = int(found[1]) / 1000 if found else peak
        time.sleep(0.01)
    return peak


def look_at_memory():
    subprocess.run("head -n 1000 a.jsonl > m1.jsonl; cat a.jsonl a.jsonl a.jsonl > m2.jsonl", shell=True, check=True)
    small, large = peak_of("m1.jsonl"), peak_of("m2.jsonl")
    ok(20 < large < 150 and large < small + 20, "memory does not grow with the archive", (small, large))
    put("m3.jsonl", (json.dumps({"id": str(i), "text": PROSE % i * 5000}) for i in range(24)))
    peak = peak_of("m3.jsonl")
    ok(20 < peak < 1000, "and with the largest article alone", peak)


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


def look_at_changed_folder():
    """A run over a folder that is not the same any more when it is gone on with: nothing is lost in silence."""
    os.mkdir("d")
    for i in range(6):
        put("d/%d.jsonl" % i, (json.dumps({"id": "%d-%d" % (i, k), "text": PROSE % k}) for k in range(3000)))
    command = [RELEASE, "extract", "-q", "-j2", "--resume", "-o", "d.out", "d"]

    def interrupt():
        running = subprocess.Popen(command)
        while not os.path.exists("d.out.part.state"):
            time.sleep(0.01)
        running.kill()
        running.wait()
    for what, change, back in (("a file more", lambda: put("d/-.jsonl", ['{"text": "Ada"}']), lambda: os.remove("d/-.jsonl")),
                               ("a file less", lambda: os.rename("d/0.jsonl", "0.jsonl"), lambda: os.rename("0.jsonl", "d/0.jsonl")),
                               ("all files gone", lambda: os.rename("d", "e") or os.mkdir("d"), lambda: os.rmdir("d") or os.rename("e", "d"))):
        interrupt()
        change()
        done = subprocess.run(command, stderr=subprocess.PIPE)
        ok(done.returncode == 2 and b"not what they were" in done.stderr and not os.path.exists("d.out"), "%s in the folder of a run that was interrupted" % what, (done.returncode, done.stderr))
        back()
        done = subprocess.run(command, stderr=subprocess.PIPE)
        ok(done.returncode == 0 and read("d.out").count(b"\n") == 18000, "%s, and all as it was" % what, (done.returncode, done.stderr))
        os.remove("d.out")


def look_at_own_files():
    """What is written into the folder that is read is no part of it; and the list of what failed is the same by any number of threads."""
    os.mkdir("o")
    for i in range(40):
        put("o/%02d.jsonl" % i, ["{", '{"text": "Ada Quill left %d."}' % i])
        os.symlink("nowhere", "o/%02d.link" % i)
    seen = set()
    for jobs in ("-j1", "-j2", "-j7", "-j2"):
        status, _, messages = run([RELEASE, "extract", "-q", jobs, "-o", "./out.jsonl", "--errors", "failed", "."], cwd=os.path.abspath("o"))
        seen.add((status, read("o/out.jsonl"), read("o/failed")))
    status, out, errors = next(iter(seen))
    ok(len(seen) == 1 and status == 1 and out.count(b"\n") == 40 and errors.count(b"\n") == 80, "output and failures in the folder that is read, by any number of threads",
       (len(seen), status, out.count(b"\n"), errors[:500]))


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
    random.seed(7)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        put("a.jsonl", archive())
        put("b.jsonl", ['{"text": "Ada Quill left."}'])
        subprocess.run("gzip -k a.jsonl; split -n l/5 a.jsonl s.; tar cJf s.tar.xz s.a?", shell=True, check=True)
        subprocess.run(extract("plain", "-j2", "a.jsonl"))
        look_at_kills("a.jsonl", ["-j2", "--dedupe=text"])
        look_at_kills("a.jsonl.gz", ["-j2"])
        look_at_kills("s.tar.xz", ["-j1", "--dedupe=id"])
        look_at_full_file()
        look_at_full_disk()
        look_at_progress()
        look_at_memory()
        look_at_mistakes()
        look_at_changed_folder()
        look_at_own_files()
        for build in BUILDS:
            look_at_counts(build)
        os.chdir("/")


main()
finish()
