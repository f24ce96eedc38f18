#!/usr/bin/python3
"""onrecord serve under load: wrk from loopback over every kind of page; no error, and memory that does not grow.

    tests/load.py [ARCHIVE [SECONDS]]      with an archive: that one, and what it takes is shown
"""
import os
import re
import sys
import tempfile

from serving import serving
from tap import RELEASE, ROOT, finish, ok, run, skip

CONNECTIONS = 48
PAGES = ["/", "/search?q=timetable", "/search?q=the&page=3", "/search?speaker=sarah&since=2000-03", "/search?org=council&q=bridge", "/check?q=the+gates+were+locked+for+two+years",
         "/people", "/people?q=tho", "/organizations?page=2", "/places", "/articles", "/articles?q=drain", "/person/1", "/organization/3", "/place/2", "/article/7",
         "/article/12", "/article/9.svg", "/search.csv?q=timetable&until=2000-02", "/article/7.json", "/rule/clause.that", "/style.css"]
SCRIPT = """
local pages = { %s }
local at = 0
request = function() at = at %% #pages + 1; return wrk.format("GET", pages[at]) end
local wrong = {}
response = function(status, headers, body) if status >= 400 then print("WRONG " .. status) end end
"""


def megabytes(server, what):
    with open("/proc/%d/status" % server.process.pid, encoding="ascii") as file:
        return int(re.search(r"^%s:\s+(\d+) kB" % what, file.read(), re.M)[1]) / 1024


def press(server, folder, seconds):
    """(requests, milliseconds of the slowest in a hundred, what went wrong)"""
    path = os.path.join(folder, "pages.lua")
    with open(path, "w", encoding="ascii") as file:
        file.write(SCRIPT % ", ".join('"%s"' % page for page in PAGES))
    status, output, messages = run(["wrk", "-t2", "-c%d" % CONNECTIONS, "-d%ds" % seconds, "--timeout", "30s", "--latency", "-s", path, server.url], limit=seconds + 60)
    output = output.decode()
    wrong = re.findall(r"WRONG \d+|Socket errors: .*|Non-2xx.*", output)
    count, slow = re.search(r"(\d+) requests in", output), re.search(r"99%\s+([\d.]+)(us|ms|s)", output)
    if status != 0 or not count or not slow:
        return 0, 0, [messages, output]
    return int(count[1]), float(slow[1]) * {"us": 0.001, "ms": 1, "s": 1000}[slow[2]], wrong


def main():
    if run(["sh", "-c", "command -v wrk"])[0] != 0:
        skip("a load on loopback", "wrk is not installed")
        return
    archive, seconds = sys.argv[1] if len(sys.argv) > 1 else None, int(sys.argv[2]) if len(sys.argv) > 2 else 4
    with tempfile.TemporaryDirectory() as folder:
        if archive is None:
            archive = os.path.join(folder, "news.db")
            made = run(["python3", os.path.join(ROOT, "tests/made.py"), "300"])[1]
            status, _, messages = run([RELEASE, "store", "-q", archive, "-"], stdin=made, limit=300)
            ok(status == 0, "some hundred articles are stored", messages)
        with serving(archive) as server:
            first = press(server, folder, seconds)
            before = megabytes(server, "VmHWM")
            second = press(server, folder, seconds)
            after = megabytes(server, "VmHWM")
            for number, (count, slow, wrong) in enumerate((first, second), 1):
                ok(count > 50 and not wrong, "load %d: every answer is there, and right" % number, "%s\n%s" % (count, "\n".join(wrong[:10])))
            ok(after < before * 1.3 + 16 and after < 600, "memory does not grow: %.0f MB, %.0f MB" % (before, after))
            print("# %d connections: %.0f pages a second, 99 of 100 within %.0f ms, %.0f MB at the most" % (CONNECTIONS, second[0] / seconds, second[1], after))
            status, messages = server.end()
            ok(status == 0 and not messages, "and it ends cleanly", messages)


main()
finish()
