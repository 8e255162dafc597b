"""Lines that are not prose: fenced code, which is kept as it is, and HTML comments, which go."""

import re
from collections.abc import Sequence

from toolkits.problems import Problem, problem

_CODE = re.compile(r"\s{0,40}(?P<mark>`{3,200}|~{3,200})(?P<rest>[^`]*)")


class CodeFence:
    """Follows fenced code (``` or ~~~) down the lines; `line` is where an open one began, or 0."""

    __slots__ = ("_mark", "_number", "line")

    def __init__(self) -> None:
        self._mark, self._number, self.line = "", 0, 0

    def takes(self, line: str) -> bool:
        """Whether this next line belongs to code, its fences included."""
        self._number += 1
        fence = _CODE.fullmatch(line)
        if not self.line:
            if fence:
                self._mark, self.line = fence["mark"], self._number
            return fence is not None
        if fence and fence["mark"].startswith(self._mark) and not fence["rest"].strip():
            self.line = 0
        return True


def strip_comments(lines: Sequence[str], first: int) -> tuple[list[str], list[Problem]]:
    """The lines (the first one is number `first`) without comments; their count is kept."""
    code, opened, kept = CodeFence(), 0, []
    for number, line in enumerate(lines, start=first):
        if not opened and code.takes(line):
            kept.append(line)
            continue
        line, still_open = _strip(line, bool(opened))
        opened = (opened or number) if still_open else 0
        kept.append(line)
    return kept, list(_unclosed(opened, code.line + first - 1 if code.line else 0))


def _strip(line: str, inside: bool) -> tuple[str, bool]:
    """One line without comments, and whether a comment is open at its end."""
    parts, at = [], 0
    while at < len(line):
        found = line.find("-->" if inside else "<!--", at)
        end = len(line) if found < 0 else found
        if not inside:
            parts.append(line[at:end])
        if found < 0:
            break
        inside, at = not inside, found + (3 if inside else 4)
    return "".join(parts), inside


def _unclosed(comment: int, code: int) -> list[Problem]:
    found = []
    if comment:
        message = "This comment is never closed, so the rest is hidden: end it with -->."
        found.append(problem(comment, "comment-unclosed", message))
    if code:
        message = "This code is never closed, so the rest is code: end it with the same fence."
        found.append(problem(code, "code-unclosed", message))
    return found
