"""Text from strangers, made fit for a column and a page: nothing in it that cannot be seen."""

import re

# C0, C1, blanks of no width, and the marks that turn the reading direction of what follows.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)


def one_line(text: str) -> str:
    """The text on one line, with single spaces."""
    return " ".join(_readable(text).split())


def several_lines(text: str) -> str:
    """The text with its lines and without what can't be seen."""
    return _readable(text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def cut(text: str, longest: int) -> str:
    """The text on one line, of that length at most; what is cut off is marked."""
    line = one_line(text)
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _readable(text: str) -> str:
    # Half a surrogate pair is what undecodable bytes become; no database takes it.
    return _CONTROLS.sub(" ", text.encode("utf-8", "replace").decode())
