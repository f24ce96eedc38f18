#!/usr/bin/env python3
"""Turn annotated/*.md into articles/*.txt and gold.jsonl.

usage: build.py            write the articles and the gold file
       build.py --check    write nothing; exit status 1 if a file on disk differs from what would be written
       build.py --show ID  print the annotations of one article, to read them over

The markup is described in README.md beside this file. Python 3 standard library only.
"""
from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent

ENTITIES = {"p": ("person", "PER"), "o": ("organization", "ORG"), "l": ("place", "LOC"),
            "x": ("other", "NORP"), "xe": ("other", "EVENT"), "xw": ("other", "WORK"), "xp": ("other", "PRODUCT"),
            "xl": ("other", "LAW"), "xg": ("other", "LANGUAGE"), "xf": ("other", "FAMILY")}
FORMS = {"d": "direct", "m": "mixed", "i": "indirect"}
ZONES = ("headline", "byline", "dateline", "caption", "boilerplate")
RELATIONS = {"affiliated": ("person", "organization"), "based_in": ("organization", "place"),
             "lives_in": ("person", "place"), "part_of": ("place", "place")}
LAYERS = ["entities", "quotes", "relations", "clusters", "titles"]
FIELDS = {"shows", "genre", "published", "relations", "names"}
OPENING = "\"“‘'«„`「‹"
CLOSING = "\"”»’“」›'"
TITLE_REACH = 1500  # a title's holder and body stand within so many characters of it
RELATION_REACH = 2000

OPEN = re.compile(r"\[([a-z][^\]\[|\n]*)\|")
TAG = re.compile(r"(?P<entity>p|o|l|x[ewplgf]?):(?P<key>[a-z0-9-]+)"
                 r"|q(?P<quote>\d+)(?P<form>[dmi])"
                 r"|(?P<part>[sc])(?P<numbers>\d+(?:,\d+)*)(?::(?P<speaker>\?|[a-z0-9-]+))?"
                 r"|t:(?P<holders>-|[a-z0-9,-]+)(?:@(?P<org>[a-z0-9-]+))?(?P<former>/former)?"
                 r"|z:(?P<zone>[a-z]+)")


class Fault(Exception):
    """Something in an annotated file that its author has to mend."""


@dataclass
class Entity:
    key: str
    tag: str
    start: int
    end: int


@dataclass
class Quote:
    form: str = ""
    content: list[list[int]] = field(default_factory=list)
    source: list[list[int]] = field(default_factory=list)
    cue: list[list[int]] = field(default_factory=list)
    speaker: str | None = None  # a cluster's key, "-" (never named), or "?" (left open)


@dataclass
class Marked:
    """The text of an article and every marked stretch in it, as (start, end, match of TAG)."""
    text: str
    marks: list[tuple[int, int, re.Match[str]]]


def read_header(source: str) -> tuple[dict[str, Any], str]:
    """The fields above the line `---`, and what stands below it."""
    head, found, body = source.partition("\n---\n")
    if not found:
        raise Fault("no line --- between header and text")
    fields: dict[str, Any] = {"relations": [], "names": {}}
    current = ""
    for line in head.splitlines():
        if line.startswith("  "):
            words = line.split()
            if current == "relations" and len(words) == 3 and words[1] in RELATIONS:
                fields["relations"].append(words)
            elif current == "names" and len(words) > 1:
                fields["names"][words[0]] = " ".join(words[1:])
            else:
                raise Fault(f"header line not understood: {line!r}")
            continue
        name, _, value = line.partition(":")
        if name not in FIELDS:
            raise Fault(f"unknown header field {name!r}")
        current = name
        if value.strip():
            fields[name] = value.strip()
    return fields, body.strip("\n") + "\n"


def read_markup(body: str) -> Marked:
    """Take the marks out of `body` and note where they stood."""
    out: list[str] = []
    length = at = 0
    marks: list[tuple[int, int, re.Match[str]]] = []
    stack: list[tuple[int, list[re.Match[str]]]] = []
    while at < len(body):
        if body[at] == "\\" and body[at + 1:at + 2] in tuple("[]\\"):
            out.append(body[at + 1])
            length += 1
            at += 2
        elif body[at] == "[":
            found = OPEN.match(body, at)
            if not found:
                raise Fault(f"bad mark: {body[at:at + 50]!r}")
            tags = []
            for word in found[1].split():
                tag = TAG.fullmatch(word)
                if not tag:
                    raise Fault(f"bad tag {word!r} in {body[at:at + 50]!r}")
                tags.append(tag)
            stack.append((length, tags))
            at = found.end()
        elif body[at] == "]":
            if not stack:
                raise Fault(f"a ] too many after {''.join(out)[-50:]!r}")
            start, tags = stack.pop()
            if start == length:
                raise Fault(f"empty mark after {''.join(out)[-50:]!r}")
            marks += [(start, length, tag) for tag in tags]
            at += 1
        else:
            out.append(body[at])
            length += 1
            at += 1
    if stack:
        raise Fault(f"mark never closed: {''.join(out)[stack[-1][0]:][:50]!r}")
    return Marked("".join(out), sorted(marks, key=lambda m: (m[0], -m[1])))


def gap(a: Entity, start: int, end: int) -> int:
    return max(0, a.start - end, start - a.end)


def nearest(entities: list[Entity], key: str, start: int, end: int, reach: int, what: str) -> int:
    """The number of the entity called `key` that stands nearest to the stretch."""
    numbers = [n for n, e in enumerate(entities) if e.key == key]
    if not numbers:
        raise Fault(f"{what}: nothing is marked with the key {key!r}")
    best = min(numbers, key=lambda n: (gap(entities[n], start, end), n))
    if gap(entities[best], start, end) > reach:
        raise Fault(f"{what}: the nearest {key!r} is {gap(entities[best], start, end)} characters away")
    return best


def fullest_name(names: list[str]) -> str:
    """The name with the most words; capitals only where there is nothing else; then the longest, then the first."""
    return max(names, key=lambda n: (not (n.isupper() and " " in n), len(n.split()), len(n)))


def is_marked(text: str, start: int, end: int) -> bool:
    """It begins with a mark; or one was lost: its paragraph has one before it, or it ends with one."""
    before = text[text.rfind("\n\n", 0, start) + 1:start]
    return text[start] in OPENING or any(c in OPENING for c in before) or text[end - 1] in CLOSING


def read_quotes(marked: Marked, entities: list[Entity], names: dict[str, str]) -> list[dict[str, Any]]:
    text = marked.text
    quotes: dict[int, Quote] = {}
    for start, end, tag in marked.marks:
        if tag["quote"]:
            quote = quotes.setdefault(int(tag["quote"]), Quote())
            if quote.form and quote.form != FORMS[tag["form"]]:
                raise Fault(f"quote {tag['quote']} has two forms")
            quote.form = FORMS[tag["form"]]
            quote.content.append([start, end])
    for start, end, tag in marked.marks:
        for number in map(int, tag["numbers"].split(",")) if tag["part"] else ():
            if number not in quotes:
                raise Fault(f"quote {number} has a source or cue and no content")
            quote = quotes[number]
            if tag["part"] == "c":
                quote.cue.append([start, end])
                continue
            quote.source.append([start, end])
            key = tag["speaker"]
            if key is None:  # the source is a name, or holds one person's name
                inside = [e for e in entities if start <= e.start and e.end <= end and e.tag in "pol"]
                whole = [e.key for e in inside if (e.start, e.end) == (start, end)]
                people = {e.key for e in inside if e.tag == "p"}
                if not whole and len(people) != 1:
                    raise Fault(f"say who speaks quote {number}: {text[start:end]!r}")
                key = whole[0] if whole else people.pop()
            if quote.speaker not in (None, key):
                raise Fault(f"quote {number} has two speakers")
            quote.speaker = key
    for number, quote in quotes.items():
        words = " ".join(text[s:e] for s, e in quote.content)
        if quote.form == "direct" and not all(is_marked(text, s, e) for s, e in quote.content):
            raise Fault(f"direct quote {number} stands outside marks: {words[:50]!r}")
        if quote.form == "mixed" and not any(c in words for c in OPENING):
            raise Fault(f"mixed quote {number} has no marks: {words[:50]!r}")
        if quote.form == "indirect" and any(c in words for c in "\"“”«»„‘"):
            raise Fault(f"indirect quote {number} has marks: {words[:50]!r}")
        if any(text[s].isspace() or text[e - 1].isspace() or text[e - 1] == "," for s, e in quote.content):
            raise Fault(f"quote {number} begins or ends with white space or ends with a comma: {words[:50]!r}")
        if quote.speaker not in (None, "-", "?") and quote.speaker not in names:
            raise Fault(f"quote {number}: nobody is marked with the key {quote.speaker!r}")
    out = []
    for _, quote in sorted(quotes.items(), key=lambda item: (item[1].content[0][0], -item[1].content[0][1])):
        record: dict[str, Any] = {"form": quote.form, "content": quote.content, "source": quote.source,
                                  "cue": quote.cue}
        if quote.speaker not in (None, "?"):
            record["speaker_name"] = None if quote.speaker == "-" else names[quote.speaker]
        out.append(record)
    return out


def read_article(name: str, source: str) -> dict[str, Any]:
    """One annotated file as a gold record."""
    fields, body = read_header(source)
    marked = read_markup(body)
    text = marked.text
    entities = [Entity(tag["key"], tag["entity"], start, end) for start, end, tag in marked.marks if tag["entity"]]
    tags: dict[str, str] = {}
    for before, after in zip(entities, entities[1:]):
        if after.start < before.end:
            raise Fault(f"a name inside a name: {text[before.start:before.end]!r}")
    for entity in entities:
        if tags.setdefault(entity.key, entity.tag) != entity.tag:
            raise Fault(f"the key {entity.key!r} has two types")
    groups: dict[str, list[int]] = {}
    for number, entity in enumerate(entities):
        groups.setdefault(entity.key, []).append(number)
    names = {key: fullest_name([text[entities[n].start:entities[n].end] for n in group])
             for key, group in groups.items()}
    names.update(fields["names"])

    titles = []
    for start, end, tag in marked.marks:
        if tag["holders"]:
            what = f"title {text[start:end]!r}"
            org = nearest(entities, tag["org"], start, end, TITLE_REACH, what) if tag["org"] else None
            for key in tag["holders"].split(",") if tag["holders"] != "-" else [None]:
                holder = nearest(entities, key, start, end, TITLE_REACH, what) if key else None
                if holder is not None and entities[holder].tag != "p":
                    raise Fault(f"{what}: the holder {key!r} is no person")
                if any(e.tag == "p" and e.start < end and start < e.end for e in entities):
                    raise Fault(f"{what} overlaps a person's name")
                record = {"title": [start, end],
                          "holder": None if holder is None else [entities[holder].start, entities[holder].end],
                          "org": None if org is None else [entities[org].start, entities[org].end]}
                if tag["former"]:
                    record["former"] = True
                titles.append(record)

    relations = []
    for head, kind, tail in fields["relations"]:
        if head not in groups or tail not in groups:
            raise Fault(f"relation {head} {kind} {tail}: no such key")
        _, a, b = min((gap(entities[i], entities[j].start, entities[j].end), i, j)
                      for i in groups[head] for j in groups[tail])
        if tuple(ENTITIES[entities[k].tag][0] for k in (a, b)) != RELATIONS[kind]:
            raise Fault(f"relation {head} {kind} {tail}: wrong types")
        if gap(entities[a], entities[b].start, entities[b].end) > RELATION_REACH:
            raise Fault(f"relation {head} {kind} {tail}: the names stand far apart")
        relations.append({"type": kind, "head": a, "tail": b})
    relations.sort(key=lambda r: (r["head"], r["tail"], r["type"]))

    zones = []
    for start, end, tag in marked.marks:
        if tag["zone"]:
            if tag["zone"] not in ZONES:
                raise Fault(f"unknown zone {tag['zone']!r}")
            zones.append({"type": tag["zone"], "start": start, "end": end})
    for zone in zones:
        if zone["type"] == "boilerplate" and any(zone["start"] <= s < zone["end"] and not tag["zone"]
                                                  for s, _, tag in marked.marks):
            raise Fault("something is marked inside boilerplate")
    headline = next((text[z["start"]:z["end"]] for z in zones if z["type"] == "headline"), None)

    record: dict[str, Any] = {"id": name, "corpus": "own", "genre": fields.get("genre", "news")}
    if headline:
        record["headline"] = headline
    if "published" in fields:
        record["published"] = fields["published"]
    record |= {
        "layers": [layer for layer in LAYERS if layer != "relations" or relations], "text": text,
        "entities": [{"start": e.start, "end": e.end, "type": ENTITIES[e.tag][0], "text": text[e.start:e.end],
                      "label": ENTITIES[e.tag][1]} for e in entities],
        "quotes": read_quotes(marked, entities, names),
        "relations": relations,
        "clusters": sorted(group for group in groups.values() if len(group) > 1),
        "titles": titles,
        "zones": zones}
    verify(record)
    return record


def verify(record: dict[str, Any]) -> None:
    """Every offset of a finished record, looked at once more from outside."""
    text = record["text"]

    def sound(start: int, end: int, what: str) -> None:
        if not 0 <= start < end <= len(text) or text[start].isspace() or text[end - 1].isspace():
            raise Fault(f"{what}: bad span {start}, {end}")
    for entity in record["entities"]:
        sound(entity["start"], entity["end"], "entity")
        if text[entity["start"]:entity["end"]] != entity["text"]:
            raise Fault(f"entity {entity['text']!r} is not its slice")
        if entity["text"].endswith(("'s", "’s")) or entity["text"][-1] in ",;:":
            raise Fault(f"entity {entity['text']!r} ends badly")
        around = text[entity["start"] - 1:entity["start"]] + text[entity["end"]:entity["end"] + 1]
        if re.search(r"\w", around):
            raise Fault(f"entity {entity['text']!r} is part of a word")
    for quote in record["quotes"]:
        for part in ("content", "source", "cue"):
            if quote[part] != sorted(quote[part]):
                raise Fault(f"{part} out of order")
            for start, end in quote[part]:
                sound(start, end, part)
    for title in record["titles"]:
        for part in ("title", "holder", "org"):
            if title[part]:
                sound(*title[part], part)
        if re.match(r"(?i)(the|a|an|former|his|her)\s", text[slice(*title["title"])]):
            raise Fault(f"title {text[slice(*title['title'])]!r} begins badly")
    spans = [(e["start"], e["end"]) for e in record["entities"]]
    if len(spans) != len(set(spans)):
        raise Fault("two entities on one span")
    inside = [range(z["start"], z["end"]) for z in record["zones"] if z["type"] == "boilerplate"]
    known = {e["text"]: e for e in record["entities"] if e["type"] in ("person", "organization", "place")}
    for name in known:  # a name that is marked once is marked everywhere
        for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            if any(found.start() in r for r in inside):
                continue
            if not any(s < found.end() and found.start() < e for s, e in spans):
                context = text[max(0, found.start() - 30):found.end() + 20]
                raise Fault(f"{name!r} is marked elsewhere and not in {context!r}")


def show(record: dict[str, Any]) -> None:
    text = record["text"]

    def cut(spans: list[list[int]]) -> str:
        return " … ".join(text[s:e] for s, e in spans).replace("\n", "/") or "-"
    for quote in record["quotes"]:
        print(f"{quote['form']:8} {cut(quote['content'])}\n         {cut(quote['source'])} | {cut(quote['cue'])} | "
              f"{quote.get('speaker_name', '-')}")
    for title in record["titles"]:
        parts = [cut([title[part]]) if title[part] else "-" for part in ("title", "holder", "org")]
        print("title   ", " | ".join(parts), "| former" if title.get("former") else "")
    for relation in record["relations"]:
        ends = [record["entities"][relation[part]]["text"] for part in ("head", "tail")]
        print(f"relation {ends[0]} {relation['type']} {ends[1]}")
    for group in record["clusters"]:
        print("cluster ", " = ".join(record["entities"][k]["text"] for k in group))
    grouped = {k for group in record["clusters"] for k in group}
    for kind in ("person", "organization", "place", "other"):
        alone = [e["text"] for k, e in enumerate(record["entities"]) if k not in grouped and e["type"] == kind]
        print(f"{kind}, once: {', '.join(alone) or '-'}")


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--check"]) and arguments[:1] != ["--show"]:
        sys.exit(__doc__.strip())
    records, faults = [], 0
    for path in sorted((HERE / "annotated").glob("*.md")):
        if arguments[:1] == ["--show"] and path.stem not in arguments[1:]:
            continue
        try:
            records.append(read_article(path.stem, path.read_text(encoding="utf-8")))
        except Fault as fault:
            print(f"{path.name}: {fault}", file=sys.stderr)
            faults += 1
    if faults:
        return 1
    if arguments[:1] == ["--show"]:
        for record in records:
            show(record)
        return 0
    files = {HERE / "articles" / f"{record['id']}.txt": record["text"] for record in records}
    files[HERE / "gold.jsonl"] = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records)
    stray = sorted(set((HERE / "articles").glob("*.txt")) - set(files))
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    for record in records:
        if f"| `{record['id']}` |" not in readme:
            print(f"{record['id']}: not in the table of README.md", file=sys.stderr)
            faults += 1
    if arguments:
        for path, content in files.items():
            if not path.exists() or path.read_text(encoding="utf-8") != content:
                print(f"{path.name}: not what build.py would write", file=sys.stderr)
                faults += 1
        for path in stray:
            print(f"{path.name}: has no annotated file", file=sys.stderr)
            faults += 1
        return 1 if faults else 0
    (HERE / "articles").mkdir(exist_ok=True)
    for path, content in files.items():
        path.write_text(content, encoding="utf-8", newline="\n")
    for path in stray:
        print(f"{path.name}: has no annotated file", file=sys.stderr)
    print(f"{len(records)} articles, {sum(len(r['entities']) for r in records)} names, "
          f"{sum(len(r['quotes']) for r in records)} quotes, {sum(len(r['titles']) for r in records)} titles, "
          f"{sum(len(r['relations']) for r in records)} relations", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
