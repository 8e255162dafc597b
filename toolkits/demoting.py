"""Moves the headings of a text down, so that it can stand below a heading of another one."""

import re

from toolkits.comments import CodeFence

_HEADING = re.compile(r" {0,3}(#{1,6})(?=[ \t])(.*)")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})[ \t]*")
_PROSE = re.compile(r" {0,3}(?![-*+>|#`~\[]|\d+[.)][ \t])\S.*")
_DEEPEST = 6


def demote(markdown: str, by: int) -> str:
    """The text with every heading `by` levels deeper; code stays as it is."""
    made: list[str] = []
    code, before = CodeFence(), ""
    for line in markdown.split("\n"):
        if code.takes(line):
            before = ""
        elif heading := _HEADING.fullmatch(line):
            line, before = _deeper(len(heading[1]), by, heading[2]), ""
        elif _PROSE.fullmatch(before) and (under := _UNDERLINE.fullmatch(line)):
            made[-1] = _deeper(1 if under[1][0] == "=" else 2, by, f" {before.strip()}")
            line = before = ""
        else:
            # A heading over several lines is none that anybody means.
            before = "" if before.strip() else line
        made.append(line)
    return "\n".join(made)


def _deeper(level: int, by: int, words: str) -> str:
    return "#" * min(level + by, _DEEPEST) + words
