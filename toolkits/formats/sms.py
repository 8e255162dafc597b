"""A text message, and how long the networks count it (3GPP TS 23.038)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from toolkits.documents import Document
from toolkits.formats.message import section_text
from toolkits.formats.oneline import plain

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")

# Typographic signs that would turn a whole message into UCS-2, and so double its price.
_SIMPLER = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "′": "'", "″": '"',
        "–": "-", "—": "-", "‑": "-", "−": "-", "…": "...", "•": "-", "\t": " ",
        "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u200b": "", "\u00ad": "",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SmsSize:
    """What a text message takes: its encoding, characters as counted, and parts paid for."""

    encoding: Literal["GSM-7", "UCS-2"]
    characters: int
    parts: int


def sms(document: Document, segments: Collection[str]) -> str:
    """The `sms` section, or the title and first key message, in signs that cost least."""
    written = section_text(document, segments, "sms")
    if not written:
        meta = document.meta
        first = meta.key_messages[0] if meta.key_messages else meta.summary
        written = ": ".join(part for part in (plain(meta.title), plain(first)) if part)
    return written.translate(_SIMPLER)


def sms_size(text: str) -> SmsSize:
    """The size of a message with its slots filled; a sign is never split between two parts."""
    if all(sign in _BASIC or sign in _EXTENDED for sign in text):
        widths = [2 if sign in _EXTENDED else 1 for sign in text]
        return SmsSize("GSM-7", sum(widths), _parts(widths, single=160, many=153))
    widths = [2 if ord(sign) > 0xFFFF else 1 for sign in text]
    return SmsSize("UCS-2", sum(widths), _parts(widths, single=70, many=67))


def _parts(widths: Iterable[int], single: int, many: int) -> int:
    widths = list(widths)
    if sum(widths) <= single:
        return 1
    parts, used = 1, 0
    for width in widths:
        if used + width > many:
            parts, used = parts + 1, 0
        used += width
    return parts
