"""Whether a line of an example still stands where the author's own words belong."""

import re
from collections.abc import Collection, Iterator

from toolkits.documents import Document
from toolkits.nearest import quoted
from toolkits.problems import Problem, problem

# What begins a line and isn't said: a key of the front matter, marks of lists and headings.
_BEFORE = re.compile(r"\s*(?:[a-z_]{1,40}:\s+|(?:[-*+]|\d{1,3}[.)]|#{1,6})\s+)?[\"'“]?")
_LONGEST = 400


def problems(document: Document, examples: Collection[str]) -> Iterator[Problem]:
    """A problem for each line of the file that says what one of `examples` says."""
    unwanted = {said(one) for one in examples} - {""}
    if not unwanted:
        return
    for number, line in enumerate(document.text.split("\n"), start=1):
        if len(line) <= _LONGEST and (words := said(line)) in unwanted:
            message = f"{quoted(words)} is an example: write your own words, or take the line out."
            yield problem(number, "placeholder", message)


def said(line: str) -> str:
    """The words of a line, without what begins it and however they are spaced."""
    words = line[end.end() :] if (end := _BEFORE.match(line)) else line
    return " ".join(words.rstrip("\"'” \t\r").split())
