"""Read a message that came in: what its own structure says it is, and whom it may be about."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from enum import StrEnum

from cascade.evidence import fields
from cascade.evidence.bodies import body
from cascade.evidence.fields import Said

READ_AT_MOST = 1 << 18
"""Bytes. Reports say what they say at the beginning; what follows is the returned message."""


MOST_OF_IDS = 20_000
"""Characters read of a list of Message-IDs."""


class Kind(StrEnum):
    """What a message is."""

    DELIVERY_STATUS = "delivery-status"
    DISPOSITION = "disposition"
    COMPLAINT = "complaint"
    AUTO_REPLY = "auto-reply"
    NOTICE = "notice"
    """From a server, without a part that programs can read."""
    REPLY = "reply"
    UNKNOWN = "unknown"
    """About no message of ours."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as read: nothing in it is concluded, all of it is said there."""

    kind: Kind
    said: tuple[Said, ...] = ()
    """What the machine-readable part of a report says, for each recipient in it."""
    message_ids: tuple[str, ...] = ()
    """Messages it says it is about, the surest first."""
    addresses: tuple[str, ...] = ()
    """Where it says it was sent to, or where the message it returns came from."""
    subject: str = ""
    text: str = ""
    """The words of a letter that is no report, with what it quotes."""


_REPORTS = {
    "text/delivery-status": Kind.DELIVERY_STATUS,
    "text/disposition-notification": Kind.DISPOSITION,
    "text/feedback-report": Kind.COMPLAINT,
}
_REPORT_TYPE = re.compile(
    rb"message/(?:global-)?(delivery-status|disposition-notification|feedback-report)\b",
    re.IGNORECASE,
)
"""RFC 3464, RFC 8098, RFC 5965, and the first two with addresses beyond ASCII (RFC 6533)."""

_RETURNED = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")
_DELIVERED_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
_AUTOMATIC = ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "X-Vacation")
_OF_PROGRAMS = frozenset(["auto_reply", "auto-reply", "bulk", "junk"])
_AWAY = re.compile(r"(?:auto(?:-|matic )?reply|out of (?:the )?office)\b", re.IGNORECASE)


def read(content: bytes) -> Letter:
    """What the bytes are; whatever they are, there is an answer."""
    try:
        return _letter(_parse(content))
    except Exception:
        # The standard library's parser raises errors of many kinds on damaged input. The bytes are
        # kept all the same, and a person can look at them.
        return Letter(Kind.UNKNOWN)


def _parse(content: bytes) -> Message:
    start = content[:READ_AT_MOST].removeprefix(b"\xef\xbb\xbf")
    # The library's parser takes reports apart itself: slowly where they are damaged, and without
    # decoding them. Shown as text they stay whole.
    return message_from_bytes(_REPORT_TYPE.sub(rb"text/\1", start))


def _letter(message: Message) -> Letter:
    parts = tuple(_parts(message))
    report = next((part for part in parts if part.get_content_type() in _REPORTS), None)
    if report is None:
        kind = Kind.AUTO_REPLY if _is_automatic(message) else Kind.REPLY
        return Letter(
            kind,
            (),
            _answered(message),
            _sent_to(message),
            fields.text(message["Subject"]),
            body(parts),
        )
    kind = _REPORTS[report.get_content_type()]
    blocks = fields.blocks(_bytes(report))
    returned = next(filter(None, map(_returned, parts)), Message())
    return Letter(
        kind,
        _SAYING[kind](blocks),
        (*_named(blocks), *_ids(returned["Message-ID"]), *_answered(message)),
        (*_sent_to(message), *_came_from(blocks), fields.text(returned["Return-Path"])),
        fields.text(message["Subject"]),
    )


def _parts(message: Message) -> Iterator[Message]:
    """The message's own parts: what is attached to it as a message of its own is left closed."""
    waiting = deque([message])
    while waiting:
        part = waiting.popleft()
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting.extend(part.get_payload())  # type: ignore[arg-type]
        else:
            yield part


def _returned(part: Message) -> Message | None:
    if part.get_content_type() not in _RETURNED:
        return None
    inner = part.get_payload()
    if isinstance(inner, list):
        return inner[0] if isinstance(inner[0], Message) else None
    return message_from_bytes(_bytes(part))


def _bytes(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _is_automatic(message: Message) -> bool:
    """Whether a program wrote it (RFC 3834, and what programs said before it)."""
    submitted = fields.text(message["Auto-Submitted"]).partition(";")[0].strip().lower()
    return (
        submitted not in ("", "no")
        or any(message[name] for name in _AUTOMATIC)
        or fields.text(message["Precedence"]).lower() in _OF_PROGRAMS
        or bool(_AWAY.match(fields.text(message["Subject"])))
    )


def _answered(message: Message) -> tuple[str, ...]:
    return (*_ids(message["In-Reply-To"]), *reversed(_ids(message["References"])))


def _ids(value: object) -> tuple[str, ...]:
    return tuple(str(value or "")[:MOST_OF_IDS].split())


def _named(blocks: tuple[Message, ...]) -> tuple[str, ...]:
    return tuple(one for block in blocks for one in _ids(block["Original-Message-ID"]))


def _sent_to(message: Message) -> tuple[str, ...]:
    return tuple(
        fields.text(value) for name in _DELIVERED_TO for value in message.get_all(name, [])
    )


def _came_from(blocks: tuple[Message, ...]) -> tuple[str, ...]:
    return tuple(
        fields.text(value) for block in blocks for value in block.get_all("Original-Mail-From", [])
    )


_SAYING = {
    Kind.DELIVERY_STATUS: fields.delivery_status,
    Kind.DISPOSITION: fields.disposition,
    Kind.COMPLAINT: fields.complaint,
}
