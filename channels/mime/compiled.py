"""A message with everything done but its holes: filling them is all that a recipient costs."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256

from channels.base import WireBody
from channels.mime import headers, quoted
from channels.mime.addresses import Mailbox
from channels.mime.parts import Encode, Hole, Parts, clean, encoded, holes, whole

_MESSAGE_ID = re.compile(r"<[!-;=?A-~]+@[!-;=?A-~]+>")
_OURS = {"from", "to", "subject", "date", "message-id", "mime-version"}
# Values that need no encoding in their place, in quoted-printable or at the beginning of a line.
_WORDS = re.compile(r"[A-Za-z0-9 ,:;/@+*()!?_][A-Za-z0-9 ,.:;/@+*()!?_-]{0,71}")
_PLAIN: Mapping[Encode, re.Pattern[str]] = {
    "text": _WORDS,
    "html": _WORDS,
    "attribute": re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,71}"),
    "link": re.compile(r"https?://[A-Za-z0-9/._~:?#@+%-]{1,64}"),
}


class CompiledMessage:
    """Made by `compile_message`; `fill` may be called from any thread."""

    __slots__ = ("_template", "_spots", "_varying", "names")

    def __init__(
        self,
        fixed_fields: bytes,
        varying_fields: Mapping[str, Parts],
        text: Parts,
        html: Parts,
    ) -> None:
        self._varying = tuple(varying_fields.items())
        self._template: list[bytes] = [b""]
        self._spots: dict[Hole, list[int]] = {}
        boundary = _boundary(fixed_fields, text, html)
        opening = b'Content-Type: multipart/alternative; boundary="%s"\r\n' % boundary
        self._template.append(fixed_fields + opening)
        for kind, parts in ((b"plain", text), (b"html", html)):
            self._template.append(_PART_HEAD % (boundary, kind))
            self._add_content(_with_line_end(parts))
        self._template.append(b"\r\n--%s--\r\n" % boundary)
        self._melt()
        self.names = frozenset(
            hole.name for parts in (text, html, *varying_fields.values()) for hole in holes(parts)
        )

    def fill(
        self, values: Mapping[str, str], *, message_id: str, date: datetime, to: Mailbox
    ) -> WireBody:
        """The whole message for one recipient, ready for the wire.

        `message_id` comes with its angle brackets, `date` with its time zone. Raises KeyError for a
        hole without a value, ValueError for an impossible link, address or Message-ID.
        """
        filled = self._template.copy()
        filled[0] = self._head(values, message_id, date, to)
        for hole, spots in self._spots.items():
            value = _encode(values[hole.name], hole)
            for spot in spots:
                filled[spot] = value
        return WireBody(b"".join(filled))

    def _head(
        self, values: Mapping[str, str], message_id: str, date: datetime, to: Mailbox
    ) -> bytes:
        if not _MESSAGE_ID.fullmatch(message_id) or len(message_id) > 900:
            raise ValueError(f"{message_id!r} is not a Message-ID: it should look like <id@domain>")
        fields = [
            headers.finished("Message-ID", message_id),
            headers.finished("Date", _rfc5322(date)),
            headers.finished("To", to.header()),
        ]
        fields += [headers.field(name, whole(parts, values)) for name, parts in self._varying]
        return b"".join(fields)

    def _add_content(self, parts: Parts) -> None:
        """Fixed runs encoded; holes between soft line breaks, on lines of their own."""
        for part in parts:
            if isinstance(part, str):
                self._template.append(quoted.encode_text(part))
                continue
            if not self._template[-1].endswith(b"\r\n"):
                self._template.append(quoted.SOFT_BREAK)
            self._spots.setdefault(part, []).append(len(self._template))
            self._template += [b"", quoted.SOFT_BREAK]

    def _melt(self) -> None:
        """Join neighbouring fixed pieces, so that filling joins as few as it can."""
        spots = {spot: hole for hole, indexes in self._spots.items() for spot in indexes}
        melted, moved = [b"", b""], dict[Hole, list[int]]()
        for index, piece in enumerate(self._template[1:], start=1):
            if index in spots:
                moved.setdefault(spots[index], []).append(len(melted))
                melted += [b"", b""]
            else:
                melted[-1] += piece
        self._template, self._spots = melted, moved


_PART_HEAD = (
    b"\r\n--%s\r\nContent-Type: text/%s; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
)


def compile_message(
    *,
    subject: Parts,
    sender: Mailbox,
    text: Parts,
    html: Parts,
    reply_to: Mailbox | None = None,
    other_headers: Mapping[str, Parts] | None = None,
) -> CompiledMessage:
    """Compile one variant; text and html get a line end at their end if they have none.

    `other_headers` are unstructured, or structured and plain ASCII (URLs: holes encoded as
    "attribute" or "link"). Raises ValueError for a header that cannot be, or is set here already.
    """
    given: dict[str, Parts] = {"Subject": subject}
    for name, parts in (other_headers or {}).items():
        headers.check_name(name)
        if name.lower() in _OURS or name.lower().startswith("content-"):
            raise ValueError(f"{name} is set by the message itself")
        given[name] = parts
    fixed = [headers.finished("From", sender.header()), b"MIME-Version: 1.0\r\n"]
    if reply_to:
        fixed.append(headers.finished("Reply-To", reply_to.header()))
    varying = {name: _cleaned(parts) for name, parts in given.items() if holes(parts)}
    fixed += [
        headers.field(name, whole(_cleaned(parts), {}))
        for name, parts in given.items()
        if name not in varying
    ]
    return CompiledMessage(b"".join(fixed), varying, text, html)


def _cleaned(parts: Parts) -> Parts:
    return [clean(part) if isinstance(part, str) else part for part in parts]


def _with_line_end(parts: Parts) -> Parts:
    """The parts with neighbouring strings joined, ending in a line end."""
    joined: list[str | Hole] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    if joined and isinstance(joined[-1], str):
        if not joined[-1].endswith(("\n", "\r")):
            joined[-1] += "\n"
    else:
        joined.append("\n")
    return joined


def _boundary(fixed_fields: bytes, *contents: Sequence[str | Hole]) -> bytes:
    """Made from the content, so that a variant always has the same one.

    "=_" never comes out of quoted-printable (RFC 2045, 6.7), nor does a line that begins with "-".
    """
    digest = sha256(fixed_fields + repr([tuple(parts) for parts in contents]).encode())
    return b"=_" + digest.hexdigest()[:32].encode()


def _encode(value: str, hole: Hole) -> bytes:
    if hole.encode == "block":
        return quoted.encode_block(value)
    if _PLAIN[hole.encode].fullmatch(value):
        return value.encode("ascii")
    return quoted.encode_value(encoded(value, hole.encode))


@lru_cache(maxsize=64)  # A batch has one date.
def _rfc5322(date: datetime) -> str:
    if date.tzinfo is None:
        raise ValueError("The date of a message needs a time zone")
    return format_datetime(date)
