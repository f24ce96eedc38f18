"""What the parts of the test suite share: results in the Test Anything Protocol, and how the program is run.

A part prints `ok - name` or `not ok - name` for each thing that it looks at, with the reason behind `#` on the lines
below; `# TODO` marks a known fault, `# SKIP` what could not be looked at.  check.py runs the parts and counts.
"""
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.environ.get("BUILD", os.path.join(ROOT, "build"))
RELEASE = os.path.join(BUILD, "release", "onrecord")
SANITIZED = os.path.join(BUILD, "sanitize", "onrecord")
BUILDS = {"release": RELEASE, "sanitize": SANITIZED}

# A fault that a sanitizer sees ends the program by SIGABRT, which no test takes for a refusal.
os.environ.setdefault("ASAN_OPTIONS", "abort_on_error=1:detect_leaks=1")
os.environ.setdefault("UBSAN_OPTIONS", "print_stacktrace=1")

failures = 0


def say(line, reason):
    print(line)
    for part in str(reason).splitlines()[:40]:
        print("#   " + part)
    sys.stdout.flush()


def ok(good, name, reason="", known=False):
    """One result; the reason is shown if it is bad.  A known fault does not fail the suite."""
    global failures
    failures += not good and not known
    say(("ok" if good else "not ok") + " - " + name + (" # TODO a known fault" if known else ""), "" if good else reason)
    return good


def skip(name, why):
    say("ok - %s # SKIP %s" % (name, why), "")


def run(command, limit=60, stdin=b"", cwd=ROOT):
    """Run a command: (status, what it wrote, its messages as text).  A status of None: not done within the limit."""
    try:
        done = subprocess.run(command, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=limit, cwd=cwd)
    except subprocess.TimeoutExpired as late:
        return None, late.stdout or b"", "not done after %d seconds" % limit
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")


def finish():
    sys.exit(1 if failures else 0)
