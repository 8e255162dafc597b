"""The machine-readable fields of reports: RFC 3464, RFC 8098 and RFC 5965."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message

from cascade.cleaning import one_line

LONGEST = 2_000
"""Characters read of one header."""

MOST_GROUPS = 100
"""Groups read of one report. Ours has one recipient in each message, so a report needs two."""

_BASE64 = b"Content-Transfer-Encoding: base64\n\n"
_COMMENT = re.compile(r"\([^()]*\)")
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_BLANK_LINES = re.compile(rb"(?:\r?\n[ \t]*){2,}")


_ACTIONS = {"5": "failed", "4": "delayed"}


@dataclass(frozen=True, slots=True)
class Said:
    """What a report says about one recipient."""

    word: str
    """`failed`, `delayed`, `delivered` … · `displayed`, `deleted` … · `abuse` …"""
    recipients: frozenset[str] = frozenset()
    """The addresses it was meant for and came to, in lower case."""
    status: str = ""
    """The enhanced status code (RFC 3463), empty when there is none."""
    detail: str = ""
    """Their server's words."""


def text(value: object) -> str:
    """A header as readable text on one line; empty when it is missing."""
    if value is None:
        return ""
    # Looking for encoded words takes time that grows with the square of a line's length.
    header = str(value)[:LONGEST]
    try:
        return one_line(str(make_header(decode_header(header))))
    except (HeaderParseError, LookupError, ValueError):
        return one_line(header)


def blocks(part: bytes) -> tuple[Message, ...]:
    """The groups of fields in the machine-readable part of a report, in order."""
    return tuple(block for block in _groups(part) if block.keys())


def _groups(part: bytes) -> Iterator[Message]:
    groups = _BLANK_LINES.split(part.lstrip(), MOST_GROUPS)
    for number, group in enumerate(groups[:MOST_GROUPS]):
        block = message_from_bytes(group)
        yield block
        # Gateways that rewrite links have been seen to encode what follows on the first group.
        if text(block["Content-Transfer-Encoding"]).lower() == "base64":
            rest = message_from_bytes(_BASE64 + b"\n".join(groups[number + 1 :]))
            yield from _groups(rest.get_payload(decode=True))  # type: ignore[arg-type]
            return


def delivery_status(groups: tuple[Message, ...]) -> tuple[Said, ...]:
    """One word for each recipient of a delivery status report (RFC 3464, section 2.3)."""
    return tuple(_delivery(group) for group in groups if group["Action"] or group["Status"])


def _delivery(group: Message) -> Said:
    diagnosis = text(group["Diagnostic-Code"])
    status = _enhanced(text(group["Status"]), diagnosis)
    # Some leave out the action, which the status then says as well.
    word = _word(group["Action"]) or _ACTIONS.get(status[:1], "")
    return Said(word, _addresses(group), status, diagnosis)


def _enhanced(status: str, diagnosis: str) -> str:
    """The status code; the one in the server's own words where the field only says the class."""
    code = _STATUS.search(status)
    exact = code if code and not code[0].endswith(".0.0") else _STATUS.search(diagnosis)
    found = exact or code
    return found[0] if found else ""


def disposition(groups: tuple[Message, ...]) -> tuple[Said, ...]:
    """What became of a message that arrived (RFC 8098, section 3.2.6)."""
    return tuple(_disposed(group) for group in groups if group["Disposition"])


def _disposed(group: Message) -> Said:
    mode, _, type_ = text(group["Disposition"]).partition(";")
    word, _, modifier = type_.partition("/")
    # A modifier says that it went wrong or was not done: then it isn't the plain word.
    said = f"{_word(word)}/{_word(modifier)}" if modifier.strip() else _word(word)
    return Said(said, _addresses(group), detail=mode)


def complaint(groups: tuple[Message, ...]) -> tuple[Said, ...]:
    """The type of a feedback report (RFC 5965, section 3.1)."""
    return tuple(
        Said(_word(group["Feedback-Type"]), detail=text(group["User-Agent"]))
        for group in groups
        if group["Feedback-Type"]
    )


def _word(value: object) -> str:
    return _COMMENT.sub(" ", text(value)).strip().lower()


def _addresses(group: Message) -> frozenset[str]:
    values = (text(group[name]) for name in ("Original-Recipient", "Final-Recipient"))
    return frozenset(value.rpartition(";")[2].strip(" <>").lower() for value in values if value)
