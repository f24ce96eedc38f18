#!/usr/bin/python3
"""Archives and compressed files, made by the tools that people make them with (tar, gzip, bzip2, xz, zstd, Python's zipfile): every
article comes out, in the archive's order, the same as from the unpacked file; broken ones and bombs are told."""
import gzip
import io
import os
import subprocess
import tarfile
import tempfile
import zipfile
import zlib

from tap import BUILDS, finish, ok, run

PROSE = "Mayor Ada Quill of Port Wendle said on Monday that the %s harbour was shut. \"We will mend it,\" she said.\n"
FILES = ["old.txt", "new.jsonl", "d\u00e9j\u00e0.txt"]


def ids(build, path, *options, stdin=b""):
    """The ids and messages of what is read: status, ids, messages."""
    status, out, messages = run([BUILDS[build], "extract", "-j2", "--stop-after=tokens", *options, path], stdin=stdin, cwd=os.getcwd())
    return status, [line[3:] for line in out.decode().splitlines() if line.startswith("== ")], messages


def put(path, data):
    with open(path, "wb") as file:
        file.write(data)
    return path


def make(folder):
    """The same three files in every container: path, and the ids that must come."""
    os.chdir(folder)
    os.mkdir("a")
    put("a/old.txt", (PROSE % "old").encode())
    put("a/new.jsonl", b'{"id": "one", "text": "Ada Quill left."}\n{"text": "Bo Teal left."}\n')
    put("a/" + FILES[2], (PROSE % "other").encode())
    put("a/.hidden", b"not read")
    names = ["a/" + name for name in FILES]

    def shell(command):
        subprocess.run(command, shell=True, check=True)

    packed = " ".join(["a/.hidden"] + names)
    shell("tar cf t.tar %s; tar czf t.tgz %s; tar cJf t.tar.xz %s; tar cjf t.tar.bz2 %s; zstd -q t.tar" % ((packed,) * 4))
    shell("gzip -k a/old.txt; xz -k a/old.txt; bzip2 -k a/old.txt; zstd -q a/old.txt; gzip -k a/new.jsonl; mkdir c; mv a/*.* c; mv c/*.txt c/*.jsonl a")
    with zipfile.ZipFile("t.zip", "w", zipfile.ZIP_DEFLATED) as box:
        for name in names:
            box.write(name)
    with zipfile.ZipFile("stored.zip", "w", zipfile.ZIP_STORED) as box:
        box.write("t.tgz")
    both = put("two.gz", gzip.compress(b"Ada Quill left. ") + gzip.compress(b"Bo Teal left."))
    inside = ["/a/old.txt", "one", "/a/new.jsonl#2", "/a/" + FILES[2]]
    for path in ("t.tar", "t.tgz", "t.tar.xz", "t.tar.bz2", "t.tar.zst", "t.zip"):
        yield path, [path + one if one.startswith("/") else one for one in inside]
    yield "stored.zip", ["stored.zip/t.tgz" + one if one.startswith("/") else one for one in inside]
    for end in ("gz", "xz", "bz2", "zst"):
        yield "c/old.txt." + end, ["c/old.txt." + end]
    yield "c/new.jsonl.gz", ["one", "c/new.jsonl.gz#2"]
    yield both, [both]


def nested(times):
    data = gzip.compress(b"Ada Quill left.")
    for i in range(times):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz") as box:
            info = tarfile.TarInfo("%d.gz" % i)
            info.size = len(data)
            box.addfile(info, io.BytesIO(data))
        data = out.getvalue()
    return data


def bomb(size):
    """A gzip file of `size` letters, made without making them all at once."""
    out, packer = [], zlib.compressobj(9, zlib.DEFLATED, 31)
    for _ in range(size >> 20):
        out.append(packer.compress(b"a" * (1 << 20)))
    return b"".join(out) + packer.flush()


def in_zip(data, times):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for i in range(times):
            box.writestr("%d.gz" % i, data)
    return out.getvalue()


def look_at_broken(build):
    whole = open("t.tgz", "rb").read()
    lines = b"".join(b'{"text": "%s"}\n' % os.urandom(400).hex().encode() for _ in range(2000))
    put("cut.jsonl.gz", gzip.compress(lines)[:-300000])
    status, got, messages = ids(build, "cut.jsonl.gz")
    ok(status == 1 and 1000 < len(got) < 2000 and "unpacked: truncated" in messages, "%s: a gz without its end gives what is there" % build,
       (status, len(got), messages))
    box = bytearray(open("t.zip", "rb").read())
    box[box.index(b"a/old.txt") + 20] ^= 0xff
    put("bad.zip", bytes(box))
    status, got, messages = ids(build, "bad.zip")
    ok(status == 1 and messages.count("\n") == 1 and "bad.zip/a/old.txt: it cannot be unpacked" in messages and got[-1] == "bad.zip/a/" + FILES[2],
       "%s: a zip with one bad entry gives the others" % build, (status, got, messages))
    for name, data in (("magic.gz", b"\x1f\x8b\x08"), ("magic.xz", b"\xfd7zXZ"), ("magic.zst", b"\x28\xb5\x2f\xfd"), ("magic.bz2", b"BZh"),
                       ("magic.zip", b"PK\x03\x04")):
        status, got, messages = ids(build, put(name, data))
        ok(status == 2 and not got and name in messages, "%s: nothing but the first bytes of %s" % (build, name), (status, got, messages))
    data = bytearray(whole)
    for at in range(40, len(data), 97):
        data[at] ^= 0x55
    status, got, messages = ids(build, put("noise.tgz", bytes(data)))
    ok(status in (1, 2) and "noise.tgz" in messages, "%s: a tar.gz with noise in it" % build, (status, messages))


def look_at_hostile(build):
    status, got, messages = ids(build, put("deep.tgz", nested(7)))
    ok(status == 0 and len(got) == 1, "%s: eight containers in each other" % build, (status, messages))
    status, got, messages = ids(build, put("deeper.tgz", nested(12)))
    ok(status == 2 and "nested more than 8 deep" in messages, "%s: thirteen containers in each other" % build, (status, messages))
    put("bomb.gz", bomb(1 << 30))
    put("bombs.zip", in_zip(open("bomb.gz", "rb").read(), 20))
    for name in ("bomb.gz", "bombs.zip"):
        status, out, messages = run(["/usr/bin/env", "bash", "-c", "ulimit -v %s; exec %s extract -j2 %s | wc -c" %
                                     ("1500000" if build == "release" else "unlimited", BUILDS[build], name)], limit=120, cwd=os.getcwd())
        ok(out.strip() == b"0" and "expands to more than" in messages and messages.count("\n") == 1, "%s: %s is not read to its end" % (build, name),
           (status, out, messages[:400]))


def main():
    with tempfile.TemporaryDirectory() as folder:
        for path, wanted in list(make(folder)):
            for build in BUILDS:
                status, got, messages = ids(build, os.path.join(path))
                ok(status == 0 and got == wanted and not messages, "%s: %s" % (build, path), (status, got, messages))
        status, got, messages = ids("release", "-", stdin=open("t.tgz", "rb").read())
        ok(status == 0 and got[0] == "-/a/old.txt", "release: a tar.gz on standard input", (status, got, messages))
        for build in BUILDS:
            look_at_broken(build)
            look_at_hostile(build)
        ok(sorted(os.listdir("a")) == sorted(FILES + [".hidden"]), "nothing was written beside the files", os.listdir("a"))
        os.chdir("/")


main()
finish()
