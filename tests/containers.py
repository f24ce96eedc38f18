#!/usr/bin/python3
"""Archives and compressed files, made by the tools that people make them with (tar, gzip, bzip2, xz, zstd, Python's zipfile): every
article comes out, in the archive's order, the same as from the unpacked file; broken ones and bombs are told."""
import gzip
import io
import json
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
    put("c/old.txt.again", (PROSE % "again").encode())
    both = put("two.gz", gzip.compress(b"Ada Quill left. ") + gzip.compress(b"Bo Teal left."))
    inside = ["/a/old.txt", "one", "/a/new.jsonl#2", "/a/" + FILES[2]]
    for path in ("t.tar", "t.tgz", "t.tar.xz", "t.tar.bz2", "t.tar.zst", "t.zip"):
        yield path, [path + one if one.startswith("/") else one for one in inside]
    yield "stored.zip", ["stored.zip/t.tgz" + one if one.startswith("/") else one for one in inside]
    for end in ("gz", "xz", "bz2", "zst"):
        yield "c/old.txt." + end, ["c/old.txt." + end]
    yield "c/new.jsonl.gz", ["one", "c/new.jsonl.gz#2"]
    yield both, [both]
    for tool, end in (("bzip2", "bz2"), ("xz", "xz"), ("zstd -q", "zst")):
        shell("(%s -c a/old.txt; %s -c c/old.txt.again) > two.%s" % (tool, tool, end))
        yield "two." + end, ["two." + end]


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
    ok(status == 1 and 1000 < len(got) < 2000 and "it is truncated" in messages, "%s: a gz without its end gives what is there" % build,
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
    ok(status == 2 and "nested more than 16 deep" in messages, "%s: thirteen containers in each other" % build, (status, messages))
    status, got, messages = ids(build, "deeper.tgz", "--max-depth=32")
    ok(status == 0 and len(got) == 1, "%s: --max-depth goes deeper" % build, (status, messages))
    put("bomb.gz", bomb(1 << 30))
    put("bombs.zip", in_zip(open("bomb.gz", "rb").read(), 20))
    for name in ("bomb.gz", "bombs.zip"):
        status, out, messages = run(["/usr/bin/env", "bash", "-c", "ulimit -v %s; exec %s extract -j2 --max-article=1G %s | wc -c" %
                                     ("1500000" if build == "release" else "unlimited", BUILDS[build], name)], limit=120, cwd=os.getcwd())
        ok(out.strip() == b"0" and "expands to more than" in messages and messages.count("\n") == 1, "%s: %s is not read to its end" % (build, name),
           (status, out, messages[:400]))
    status, got, messages = ids(build, "bombs.zip")
    ok(status == 2 and messages.count("longer than 16 MB") > 3 and "expands to more than" in messages, "%s: each of its bombs is an article that is too long" % build,
       (status, messages))


def look_at_gzip(build):
    """Files that were put behind each other, and one of them is damaged: what is lost is told, and the others are read."""
    lines = [b"".join(b'{"id": "%d-%d", "text": "%s"}\n' % (part, i, os.urandom(100).hex().encode()) for i in range(300)) for part in range(4)]
    packed = [bytearray(subprocess.run(["gzip"], input=part, stdout=subprocess.PIPE).stdout) for part in lines]
    status, got, messages = ids(build, put("parts.jsonl.gz", b"".join(packed) + bytes(512)))
    ok(status == 0 and len(got) == 1200 and not messages, "%s: four gz behind each other, and zeros" % build, (status, len(got), messages))
    for what, at, value, kept in (("its head", 0, 0, 300), ("its last sum", -6, 0xff, 0), ("its middle", len(packed[1]) // 2, 0xff, 300)):
        hurt = bytearray(packed[1])
        hurt[at] ^= value or 0xff
        status, got, messages = ids(build, put("hurt.jsonl.gz", b"".join([packed[0], hurt] + packed[2:])))
        others = [one for one in got if not one.startswith("1-")]
        ok(status == 1 and "hurt.jsonl.gz: it cannot be unpacked: member 2 of the gzip, at byte %d" % len(packed[0]) in messages and
           len([one for one in others if one[1] == "-"]) == 900, "%s: one of four gz is damaged in %s" % (build, what), (status, len(others), messages[:400]))


def look_at_tar(build):
    """A tar is read behind what is damaged in it, or in the gzip around it, and the damage is told."""
    parts = ["%02d.txt" % i for i in range(20)]
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as box:
        for name in parts:
            info = tarfile.TarInfo(name)
            data = (PROSE % name + os.urandom(1500).hex()).encode()
            info.size = len(data)
            box.addfile(info, io.BytesIO(data))
    data = out.getvalue()
    heads = [member.offset for member in tarfile.open(fileobj=io.BytesIO(data)).getmembers()]

    def look(what, bytes_, lost, says, ending="tar"):
        status, got, messages = ids(build, put("hurt." + ending, bytes_))
        wanted = ["hurt.%s/%s" % (ending, name) for name in parts if name not in lost]
        ok(got == wanted and status == (1 if says else 0) and (messages.count("cannot be unpacked") == 1 and says in messages if says else not messages),
           "%s: a tar with %s" % (build, what), (status, got, messages))

    head = bytearray(data)
    head[heads[7] + 1] ^= 1
    look("a head whose sum is wrong", bytes(head), ["07.txt"], "Damaged tar")
    look("a head of zeros", data[:heads[7]] + bytes(512) + data[heads[7] + 512:], ["07.txt"], "Damaged tar")
    look("100 bytes that are missing", data[:heads[7] + 600] + data[heads[7] + 700:], ["08.txt"], "Damaged tar")
    half = heads[10]
    look("zeros between two halves", data[:half] + bytes(10240) + data[half:], [], None)
    look("a wrong sum of the gzip around it", gzip.compress(data)[:-8] + bytes(8), [], "member 1 of the gzip", "tgz")
    members = [bytearray(gzip.compress(data[at:at + 4000])) for at in range(0, len(data), 4000)]
    look("a gzip of many members around it", b"".join(members), [], None, "tgz")
    at = heads[7] // 4000 + 1
    members[at][len(members[at]) // 2] ^= 0xff
    lost = [name for name, begin, end in zip(parts, heads, heads[1:] + [len(data)]) if begin < (at + 1) * 4000 and end > at * 4000]
    status, got, messages = ids(build, put("hurt.tgz", b"".join(members)))
    missing = [name for name in parts if "hurt.tgz/" + name not in got]
    ok(status == 1 and 0 < len(missing) <= 3 and set(missing) <= set(lost) and "member %d of the gzip" % (at + 1) in messages,
       "%s: a tar in a gzip of many members of which one is damaged" % build, (status, missing, lost, messages))
    status, got, messages = ids(build, put("hurt.tgz", gzip.compress(data)[:-9000]))
    ok(status == 1 and "is truncated" in messages and "nothing can be read behind" in messages and 5 < len(got) < 20, "%s: a tar in a gzip that is cut short" % build,
       (status, got, messages))


def look_at_zip(build):
    """The directory at its end says what is in a zip: what was taken out of it is not read."""
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as out:
        for name in ("kept.txt", "gone.txt", "last.txt"):
            out.writestr(name, PROSE % name)
    data = box.getvalue()
    directory, gone, last = (data.rindex(name) - 46 for name in (b"kept.txt", b"gone.txt", b"last.txt"))
    end = bytearray(data[data.rindex(b"PK\5\6"):])
    end[8:12] = b"\2\0\2\0"
    end[12:16] = (int.from_bytes(end[12:16], "little") - (last - gone)).to_bytes(4, "little")
    status, got, messages = ids(build, put("gone.zip", data[:gone] + data[last:data.rindex(b"PK\5\6")] + bytes(end)))
    ok(status == 0 and got == ["gone.zip/kept.txt", "gone.zip/last.txt"], "%s: an entry that was taken out of a zip's directory" % build, (status, got, messages))
    everything = ["%s/" + name for name in ("kept.txt", "gone.txt", "last.txt")]
    for name, broken in (("noise.zip", data[:directory] + b"\x55" * (last - directory) + data[last:]), ("short.zip", data[:gone])):
        status, got, messages = ids(build, put(name, broken))
        ok(got == [one % name for one in everything], "%s: a zip whose directory is broken: %s" % (build, name), (status, got, messages))
    status, got, messages = ids(build, "-", stdin=data)
    ok(status == 0 and got == [one % "-" for one in everything], "%s: a zip on standard input" % build, (status, got, messages))


def make_links():
    """A folder with all that tar can hold beside files, packed by tar in each of its formats."""
    os.mkdir("l")
    long_name = "/".join(["l"] + ["d" * 60] * 3)
    os.makedirs(long_name)
    put(long_name + "/long.txt", (PROSE % "long").encode())
    put("l/one.txt", (PROSE % "one").encode())
    os.link("l/one.txt", "l/two.txt")
    os.symlink("/etc/passwd", "l/link.txt")
    os.mkfifo("l/pipe")
    with open("l/holes.txt", "wb") as file:
        file.write(b"Ada Quill left. ")
        file.seek(1 << 20)
        file.write(b"Bo Teal left.")
    for form in ("gnu", "posix", "v7", "ustar"):
        names = "l/one.txt l/two.txt l/link.txt l/holes.txt" + (" l/pipe " + long_name if form != "v7" else "")
        subprocess.run("tar -c %s --format=%s -f %s.tar %s" % ("" if form in ("v7", "ustar") else "-S", form, form, names), shell=True, check=True)
        yield form + ".tar", ["l/one.txt", "l/holes.txt"] + ([long_name + "/long.txt"] if form != "v7" else [])


def look_at_links(build, path, names):
    status, out, messages = run([BUILDS[build], "extract", "-j2", path], cwd=os.getcwd())
    texts = {g["id"]: g["text"] for g in (json.loads(line)["graph"] for line in out.splitlines())}
    ok(status == 0 and sorted(texts) == sorted(path + "/" + name for name in names) and "root:" not in str(texts), "%s: the files of %s, and no link" % (build, path),
       (status, sorted(texts), messages))
    holes = texts.get(path + "/l/holes.txt", "")
    ok(holes.startswith("Ada Quill left. ") and holes.endswith("Bo Teal left.") and len(holes) == (1 << 20) + 13, "%s: a file with holes in %s" % (build, path), len(holes))


def look_at_encodings(build):
    """A text and pages, by iconv: what is declared is believed, and what is not is found out."""
    latin = "Z\u00fcrich \u2013 \u201cWe closed the caf\u00e9 in Malm\u00f6,\u201d said Mayor Ada Qu\u00ebll of \u00c5rhus; the fa\u00e7ade and the r\u00f4le were hers, na\u00efve or not. "
    scripts = {"ISO-8859-2": "Mayor Lech Wa\u0142\u0119sa of \u0141\u00f3d\u017a", "ISO-8859-15": "It cost 5 \u20ac, said Zo\u00eb", "KOI8-R": "\u041c\u044d\u0440 said",
               "WINDOWS-1251": "\u041c\u044d\u0440 said", "SHIFT_JIS": "\u6771\u4eac said", "EUC-JP": "\u6771\u4eac said", "GB18030": "\u5317\u4eac said", "BIG5": "\u53f0\u5317 said",
               "EUC-KR": "\uc11c\uc6b8 said", "UTF-16": "\u6771\u4eac said", "UTF-8": "\u6771\u4eac said"}
    wide = ["UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"]
    jobs = [(name, "txt", latin * 4) for name in ["UTF-8", "WINDOWS-1252"] + wide]
    jobs += [(name, "html", text) for name, text in scripts.items()]
    for name, ending, text in jobs:
        given = text if ending == "txt" else "<html><head><meta charset=\"%s\"><title>A</title></head><body><p>%s that the harbour is shut, and will be for a week.</p></body></html>" % (name, text)
        data = subprocess.run(["iconv", "-f", "UTF-8", "-t", name], input=given.encode(), stdout=subprocess.PIPE, check=True).stdout
        status, out, messages = run([BUILDS[build], "extract", "-j1", put("e." + ending, data)], cwd=os.getcwd())
        got = json.loads(out)["graph"]["text"] if out else ""
        ok(status == 0 and (got == text if ending == "txt" else text in got), "%s: %s in %s" % (build, ending, name), (status, got[:200], messages))
    for name in ["UTF-8", "WINDOWS-1252"] + wide:
        line = json.dumps({"id": "a", "text": latin, "place": "Malm\u00f6"}, ensure_ascii=False)
        data = subprocess.run(["iconv", "-f", "UTF-8", "-t", name], input=(line + "\r\n").encode() * 3, stdout=subprocess.PIPE, check=True).stdout
        status, out, messages = run([BUILDS[build], "extract", "-j1", put("e.jsonl", data)], cwd=os.getcwd())
        got = [json.loads(one)["graph"] for one in out.splitlines()]
        ok(status == 0 and [(g["text"], g["meta"]["place"]) for g in got] == [(latin, "Malm\u00f6")] * 3, "%s: jsonl in %s" % (build, name), (status, got, messages))


def look_at_other_files(build):
    """What is no article is counted and listed, and nothing failed."""
    office = io.BytesIO()
    with zipfile.ZipFile(office, "w") as box:
        box.writestr("[Content_Types].xml", "<Types/>")
        box.writestr("word/document.xml", "<w:p>Ada Quill left.</w:p>")
    os.makedirs("o", exist_ok=True)
    put("o/a.png", b"\x89PNG\r\n\x1a\n" + bytes(20))
    put("o/b.docx", office.getvalue())
    put("o/c.txt", b"Ada Quill left.")
    subprocess.run("tar cf o.tar o; mv o.tar o", shell=True, check=True)
    status, got, messages = ids(build, "o", "--errors=o.errors")
    ok(status == 0 and got == ["o/c.txt", "o/o.tar/o/c.txt"] and "6 articles: 2 written, 0 failed, 4 skipped (4 files of kinds that are not read)" in messages and
       messages.count("\n") == 1, "%s: an image and an office document in a folder and in a tar" % build, (status, got, messages))
    listed = [json.loads(line) for line in open("o.errors")]
    ok([e["source"] for e in listed] == ["o/a.png", "o/b.docx", "o/o.tar/o/a.png", "o/o.tar/o/b.docx"] and "an image" in listed[0]["skipped"] and
       "office" in listed[1]["skipped"], "%s: they are listed" % build, listed)
    for name, data, what in (("a.css", b"p { color: red }", "a style sheet"), ("a.js", b"a();", "a script"), ("a.svg", b"<svg></svg>", "an image"),
                             ("a.mhtml", b"From: <Saved by Blink>\r\nContent-Type: multipart/related;\r\n", "MHTML")):
        status, got, messages = ids(build, put(name, data))
        ok(status == 2 and not got and what in messages, "%s: %s alone" % (build, name), (status, got, messages))
    for name, data in (("list.json", b'[{"text": "Ada"},\n {"text": "Bo"}]'), ("list2.json", b'[\n{"text": "Ada"},\n{"text": "Bo"}\n]\n'), ("one.json", b'{\n "text": "Ada"\n}\n')):
        status, got, messages = ids(build, put(name, data))
        ok(status == 2 and not got and messages.count("\n") == 1 and "jq -c" in messages, "%s: JSON that is not in lines: %s" % (build, name), (status, got, messages))
    for name, data, wanted in (("a.html", b"<article><p>Ada Quill left.</p></article>", ["a.html"]), ("a.jsonl", b'what?\n{"text": "Ada"}\n', ["a.jsonl#2"])):
        status, got, messages = ids(build, put(name, data))
        ok(got == wanted, "%s: the name says what it is: %s" % (build, name), (status, got, messages))
    status, got, messages = ids(build, "o/a.png")
    ok(status == 2 and not got and "o/a.png: it is an image, which is not read" in messages, "%s: an image alone" % build, (status, got, messages))
    os.remove("o/o.tar")


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
            look_at_gzip(build)
            look_at_tar(build)
            look_at_zip(build)
            look_at_encodings(build)
            look_at_other_files(build)
        for path, names in list(make_links()):
            for build in BUILDS:
                look_at_links(build, path, names)
        ok(sorted(os.listdir("a")) == sorted(FILES + [".hidden"]), "nothing was written beside the files", os.listdir("a"))
        os.chdir("/")


main()
finish()
