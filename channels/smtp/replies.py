"""Server replies out of a stream of bytes (RFC 5321, 4.2), with limits on what a server may say."""

import re
from functools import lru_cache
from typing import NamedTuple

LONGEST_LINE = 2048  # bytes; RFC 5321 allows 512, some servers say more
MOST_LINES = 100
LONGEST_TEXT = 500  # characters kept of what the server said

_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?", re.DOTALL)
_ENHANCED = re.compile(r"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?: |$)")


class Garbage(Exception):
    """What came is not an SMTP reply."""


class Reply(NamedTuple):
    """A whole reply: its code and the text of each of its lines."""

    code: int
    lines: tuple[bytes, ...]

    @property
    def enhanced(self) -> str:
        """The RFC 3463 code that the text begins with, or ""."""
        found = _ENHANCED.match(printable(self.lines[0]))
        return found[1] if found else ""

    @property
    def text(self) -> str:
        """The server's words as one printable line of bounded length."""
        return printable(b" ".join(self.lines))


def printable(words: bytes | str) -> str:
    """Words from outside as one bounded line in which nothing can act on a terminal or a page."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    text = text[:LONGEST_TEXT]
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else " " for char in text).strip()


class ReplyReader:
    """Puts replies together from pieces as they come."""

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[bytes] = []

    def feed(self, data: bytes) -> list[Reply]:
        """The replies that are complete with this piece; raises Garbage."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LONGEST_LINE:
            raise Garbage("a line without an end")
        return [reply for line in lines if (reply := self._read(line))]

    def _read(self, line: bytes) -> Reply | None:
        code, last, text = _parse(line)
        self._lines.append(text)
        if not last:
            if len(self._lines) > MOST_LINES:
                raise Garbage("a reply without an end")
            return None
        reply = Reply(code, tuple(self._lines))
        self._lines = []
        return reply


@lru_cache(maxsize=256)  # Most servers say the same few lines ten thousand times over.
def _parse(line: bytes) -> tuple[int, bool, bytes]:
    """The code, whether it is the reply's last line, and the text."""
    found = _LINE.fullmatch(line.removesuffix(b"\r"))
    if found is None or len(line) > LONGEST_LINE:
        raise Garbage(printable(line[:100]))
    code, mark, text = found.groups()
    return int(code), mark != b"-", text or b""
