"""Header fields: folded (RFC 5322, 2.2.3), and encoded (RFC 2047) where they must be."""

import re
from base64 import b64encode
from functools import lru_cache

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_FOLD_AT = 76
_LONGEST_WORD = 900  # a line may have 998 characters, and a URL cannot be folded
_ENCODED_BYTES = 39  # of UTF-8 in one encoded-word: 52 of base64 and its frame make 64
# One blank between words and none at the ends: folding and unfolding gives back exactly this.
_WORDS = re.compile(rf"[!-~]{{1,{_LONGEST_WORD}}}(?: [!-~]{{1,{_LONGEST_WORD}}})*")


def check_name(name: str) -> None:
    """Raise a ValueError unless this can be the name of a header field."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not the name of a header field")


def field(name: str, value: str) -> bytes:
    """One whole header field with its line end; the value must be clean already."""
    return finished(name, _body(value, len(name) + 2))


def finished(name: str, body: str) -> bytes:
    """A field whose body is folded and encoded; beyond ASCII it is an RFC 6532 header."""
    return f"{name}: {body}\r\n".encode()


@lru_cache(maxsize=1024)  # Most recipients of a variant get the same subject.
def _body(value: str, column: int) -> str:
    if value and (not _WORDS.fullmatch(value) or "=?" in value):
        return encoded_words(value)
    return value if column + len(value) <= _FOLD_AT else _folded(value, column)


def _folded(value: str, column: int) -> str:
    lines = [""]
    for word in value.split(" "):
        if lines[-1] and column + len(lines[-1]) + len(word) >= _FOLD_AT:
            lines.append(word)
            column = 1
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return "\r\n ".join(lines)


def encoded_words(value: str) -> str:
    """Any text as RFC 2047 encoded-words, one to a line, whole characters in each."""
    words = (b64encode(chunk).decode("ascii") for chunk in _chunks(value))
    return "\r\n ".join(f"=?utf-8?b?{word}?=" for word in words)


def _chunks(value: str) -> list[bytes]:
    raw = value.encode("utf-8", "replace")
    chunks = []
    while raw:
        end = _ENCODED_BYTES
        while end < len(raw) and raw[end] & 0xC0 == 0x80:  # not inside a character
            end -= 1
        chunks.append(raw[:end])
        raw = raw[end:]
    return chunks
