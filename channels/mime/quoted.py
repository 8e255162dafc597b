"""Quoted-printable (RFC 2045, 6.7) that also suits SMTP and MIME whatever is in it.

No encoded line begins with "." or "-", so dot-stuffing has nothing to do and nothing can look like
a boundary. Every piece (a fixed run or a value) begins on a line of its own, which soft line breaks
make invisible; so pieces can be encoded apart and joined.
"""

import re
from functools import lru_cache

SOFT_BREAK = b"=\r\n"
# Room for a first character that has to be encoded and for the soft break, within 76.
_WIDTH = 72

_UNSAFE = re.compile(rb"[^ -<>-~]")
_LINE_END = re.compile(r"\r\n|\r|\n")
_SHORT_AND_PLAIN = re.compile(r"(?![.\-])[ -<>-~]{1,72}")
_ESCAPES = [b"=%02X" % code for code in range(256)]


def encode_text(text: str) -> bytes:
    """A run of lines, with hard breaks between them; its last line has no line end."""
    return b"\r\n".join(_encode_line(line) for line in _LINE_END.split(text))


@lru_cache(maxsize=512)
def encode_block(block: str) -> bytes:
    """Lines that many messages share, to be followed by a soft break."""
    return encode_text(block)


def encode_value(value: str) -> bytes:
    """A value that holds no line ends, to be followed by a soft break."""
    if _SHORT_AND_PLAIN.fullmatch(value):
        return value.encode("ascii")
    return _wrap(_escape(value))


def _encode_line(line: str) -> bytes:
    escaped = _escape(line)
    if escaped.endswith(b" "):
        escaped = escaped[:-1] + b"=20"
    return _wrap(escaped)


def _escape(text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    return _UNSAFE.sub(lambda found: _ESCAPES[found[0][0]], raw)


def _wrap(escaped: bytes) -> bytes:
    """Break an escaped line softly, never inside an escape."""
    lines = []
    start = 0
    while len(escaped) - start > _WIDTH:
        end = start + _WIDTH
        end -= _cut_off(escaped, end)
        lines.append(_guard(escaped[start:end]))
        start = end
    lines.append(_guard(escaped[start:]))
    return SOFT_BREAK.join(lines)


def _cut_off(escaped: bytes, end: int) -> int:
    """How many bytes of an escape stand before `end` when it cuts one in two."""
    if escaped[end - 1] == 0x3D:
        return 1
    return 2 if escaped[end - 2] == 0x3D else 0


def _guard(line: bytes) -> bytes:
    return _ESCAPES[line[0]] + line[1:] if line.startswith((b".", b"-")) else line
