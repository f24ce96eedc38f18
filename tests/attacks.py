"""Texts that would do something if anything took them for more than text, and a graph that has them everywhere."""

ATTACKS = ["'); DROP TABLE quotes; --", "\x1b]0;owned\x07\x1b[2J", "<script>alert(1)</script>", "=HYPERLINK(\"http://x\")", "@SUM(1)",
           "-1+1", "+1", "\t=1", "a\u0000b", "\u202eevil", "\" OR 1 --", "]]><!--", "%n%s%s", "\u2028line", "\"quoted\",\r\nnext", "NEAR(* OR", "&amp;\"'"]


def attacked():
    """A graph with the attacks in every field that a graph has text in."""
    bad = "\n".join(ATTACKS)
    mention = {"start": 0, "end": 1, "text": bad, "kind": bad, "rule": bad, "confidence": 1}
    nodes = [{"id": "e1" + bad, "type": "person", "name": bad + " Holm", "named": True, "gender": bad, "aliases": [bad], "mentions": [mention]},
             {"id": "e2" + bad, "type": "organization", "name": bad, "named": True, "aliases": [], "mentions": [mention]},
             {"id": "t1" + bad, "type": "title", "name": bad, "mentions": [mention]},
             {"id": "q1" + bad, "type": "quote", "form": bad, "text": bad + " we never said that", "spans": [{"start": 0, "end": 1}], "speaker": mention,
              "cue": {"start": 0, "end": 1, "text": bad}, "act": bad, "rule": bad, "confidence": 1, "parent": bad}]
    edges = [("e1", "q1", "said"), ("e1", "t1", "holds"), ("t1", "e2", "at"), ("e1", "e2", "affiliated"), ("q1", "e2", "mentions")]
    head = {key: bad for key in ("id", "uri", "headline", "byline", "dateline", "published", "language", "text")}
    return {"schema": "onrecord/1", "directed": True, "multigraph": True, "nodes": nodes,
            "graph": dict(head, offsets="codepoint", zones=[], meta={bad.replace("\0", ""): bad}),
            "edges": [{"source": s + bad, "target": t + bad, "type": kind, "rule": bad, "role": bad, "confidence": 1} for s, t, kind in edges]}
