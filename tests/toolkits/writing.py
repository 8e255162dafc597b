"""Short ways to write toolkits in tests."""

from toolkits import Document, check, parse

FRONT = """---
title: Flu jabs for staff
action: Book your jab today.
key_messages:
  - Free flu jabs are open to all care home staff.
---
"""


def toolkit(body: str, front: str = "") -> Document:
    """A toolkit without problems of its own, with this body and further front matter lines."""
    return parse(FRONT.replace("---\ntitle", f"---\n{front}title") + body)


def codes(document: Document) -> set[str]:
    """The codes of all problems of a toolkit."""
    return {problem.code for problem in check(document)}


def lines_of(document: Document, code: str) -> list[int]:
    """The lines where a problem is reported."""
    return [problem.line for problem in check(document) if problem.code == code]
