"""The values of a message's slots: those of the whole cascade, and those of one recipient."""

from collections.abc import Mapping
from types import MappingProxyType

from cascade.links import Links
from cascade.sending.reference import shorten
from toolkits import Place, fill, html_value, mark, text_value
from toolkits.slots import is_block, is_mark

FALLBACK: Mapping[str, str] = MappingProxyType(
    {
        "organisation": "your organisation",
        "contact": "colleague",
        "role": "named contact",
        "place": "your area",
        "code": "no code",
        "deadline": "no fixed time",
        "campaign": "this campaign",
        "sender": "the communications cell",
    }
)
"""What stands in a slot that has no value: never nothing."""

PERSONAL = ("organisation", "contact", "role", "place", "code")
"""Slots that are filled from what is known about the recipient."""

LINKS = ("confirm_link", "unsubscribe_link", "preferences_link")
"""Slots that hold the recipient's own addresses."""

RECIPIENT = frozenset({*PERSONAL, *LINKS, "reference"})
"""Every slot whose value differs by recipient."""

_NAMELESS = {name: FALLBACK[name] for name in PERSONAL}
_JOINERS = "\u200c\u200d"  # Persian, Urdu and emoji need them


def recipient_values(
    links: Links,
    delivery: int,
    slots: Mapping[str, str],
    *,
    message_token: str,
    can_unsubscribe: bool,
) -> dict[str, str]:
    """Everything that differs by recipient; `message_token` is the Message-ID's."""
    values = _NAMELESS | {name: tidied for name, value in slots.items() if (tidied := tidy(value))}
    values["confirm_link"] = confirm = links.confirm(delivery)
    # The page that confirms is also where somebody says that a message is not for them.
    values["preferences_link"] = confirm
    values["unsubscribe_link"] = links.unsubscribe(delivery) if can_unsubscribe else confirm
    values["reference"] = shorten(message_token)
    return values


def tidy(value: str) -> str:
    """A value without line breaks, control characters and marks that turn the text around."""
    if not value.isprintable():
        value = "".join(one if one.isprintable() or one in _JOINERS else " " for one in value)
    return " ".join(value.split())


def settle_html(marked: str, fixed: Mapping[str, str]) -> str:
    """Marked HTML with the slots of the whole cascade filled; those of recipients stay marks."""
    return fill(marked, _Settled(fixed), _html)


def settle_text(marked: str, fixed: Mapping[str, str]) -> str:
    """Marked text with the slots of the whole cascade filled; those of recipients stay marks."""
    return fill(marked, _Settled(fixed), text_value)


def _html(value: str, place: Place) -> str:
    if not is_mark(value):
        return html_value(value, place)
    return f"<p>{value}</p>" if place == "block" else value


class _Settled(dict[str, str]):
    """Values by slot; a recipient's slot stands for its own mark, an unknown one for its name."""

    def __missing__(self, name: str) -> str:
        stays = name in RECIPIENT or is_block(name)
        return mark(name) if stays else FALLBACK.get(name, name.replace("_", " "))
