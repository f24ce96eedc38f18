#!/usr/bin/env python3
"""How fast the program is, and what it takes: `make bench`, or bench.py PROGRAM [FILE.jsonl].

Without a file our own articles are repeated to a few MB.  Speed is processor time of one thread, as `extract --time` tells it,
the best of three runs; start-up is wall-clock time of a run on an empty article, the median of many.  What stands under "archive" is
wall-clock time of the whole program, from a file on the disk to graphs on the disk, the best of three, beside `wc -w` on the same file.
"""
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
SIZE, STARTS, RUNS = 4_000_000, 101, 3


def repeated(out: pathlib.Path) -> None:
    """Our own articles, over and over, each time with another id."""
    records = [json.loads(line) for line in open(HERE / "gold.jsonl", encoding="utf-8")]
    size = sum(len(r["text"].encode()) for r in records)
    with open(out, "w", encoding="utf-8") as file:
        for turn in range(-(-SIZE // size)):
            for r in records:
                file.write(json.dumps({"id": f"{r['id']}-{turn}", "text": r["text"]}, ensure_ascii=False) + "\n")


def run(command: list[str]) -> tuple[str, int]:
    """What it says on standard error, and its peak memory in bytes."""
    with tempfile.TemporaryFile() as talk:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=talk)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        talk.seek(0)
        said = talk.read().decode(errors="replace")
    if child.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)}: exit status {child.returncode}\n{said}")
    return said, usage.ru_maxrss * 1024


def start_up(program: str) -> float:
    """Milliseconds."""
    times = []
    for _ in range(STARTS):
        begun = time.perf_counter()
        run([program, "extract", "--quiet", "-j", "1", "-"])
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times)


class Timed:
    """The best of some runs: wall-clock seconds and peak memory."""

    def __init__(self, command: list[str]):
        self.seconds, self.memory = float("inf"), 0
        for _ in range(RUNS):
            begun = time.perf_counter()
            _, peak = run(command)
            self.seconds = min(self.seconds, time.perf_counter() - begun)
            self.memory = max(self.memory, peak)


def as_text(articles: pathlib.Path, folder: pathlib.Path) -> None:
    """A file of plain text for each article."""
    folder.mkdir()
    for number, line in enumerate(open(articles, encoding="utf-8")):
        (folder / f"{number:07}.txt").write_text(json.loads(line)["text"], encoding="utf-8")


def archive(program: str, articles: pathlib.Path, work: pathlib.Path) -> None:
    as_text(articles, work / "text")
    subprocess.run(["tar", "-C", str(work), "-cf", str(work / "text.tar"), "text"], check=True)
    packed = work / "articles.jsonl.gz"
    with open(packed, "wb") as out:
        subprocess.run(["gzip", "-c", str(articles)], stdout=out, check=True)
    size = sum(path.stat().st_size for path in (work / "text").iterdir())
    print(f"{'archive':14} {'1 thread':>14} {'2 threads':>14} {'times':>6} {'memory':>10}")
    for name, path in ("JSON Lines", articles), ("gz", packed), ("text files", work / "text"), ("text in a tar", work / "text.tar"):
        one, two = (Timed([program, "extract", "--quiet", "-j", str(j), "-o", str(work / "graphs.jsonl"), str(path)]) for j in (1, 2))
        print(f"{name:14} {size / 1e6 / one.seconds:9.1f} MB/s {size / 1e6 / two.seconds:9.1f} MB/s {one.seconds / two.seconds:6.2f} {two.memory / 1e6:7.1f} MB")
    words = Timed(["wc", "-w", str(articles)])
    print(f"{'wc -w':14} {size / 1e6 / words.seconds:9.1f} MB/s")


def speed(table: str) -> float:
    return float(re.search(r"^all .* ([\d.]+) MB/s$", table, re.M)[1])


def main() -> None:
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as work:
        if len(sys.argv) > 2:
            articles, name = pathlib.Path(sys.argv[2]), sys.argv[2]
        else:
            articles, name = pathlib.Path(work) / "corpora.jsonl", f"our own articles, repeated to {SIZE / 1e6:.0f} MB"
            repeated(articles)
        runs = [run([program, "extract", "--time", "-j", "1", str(articles)]) for _ in range(RUNS)]
        table, _ = max(runs, key=lambda r: speed(r[0]))
        print(name)
        print(table, end="")
        archive(program, articles, pathlib.Path(work))
    print(f"start-up {start_up(program):.1f} ms (median of {STARTS})")
    print(f"peak memory {max(peak for _, peak in runs) / 1e6:.1f} MB, one thread")
    print(f"the program {os.path.getsize(program) / 1e6:.1f} MB, with all lists and rules")


if __name__ == "__main__":
    main()
