"""What the look makes of whom messages come from; a cascade keeps the look it was released in."""

from collections.abc import Mapping
from dataclasses import replace
from email.utils import parseaddr
from typing import Any

from sqlalchemy.orm import Session

from cascade import adjustments
from cascade.identity import Identity, ShownLogo

NAME = "look"
Kept = Mapping[str, Any]
"""What was set on the page, and nothing else: the settings of the installation stand behind it."""


def kept(session: Session) -> Kept:
    """What holds from the next release on."""
    return adjustments.read(session, NAME)


def frozen(session: Session) -> dict[str, Any]:
    """What a cascade keeps, so that every try of its messages is the same."""
    return dict(kept(session))


def worn(default: Identity, look: Kept | None, home: str) -> Identity:
    """Whom messages come from in this look; `home`: the address of the installation."""
    if not look:
        return default
    sender = _named(look.get("sender") or default.sender, look.get("sender_name"))
    follows = default.reply_to == default.sender
    return replace(
        default,
        cell=look.get("cell") or default.cell,
        sender=sender,
        reply_to=look.get("reply_to") or (sender if follows else default.reply_to),
        colour=look.get("colour") or "",
        logo=_shown(look.get("logo"), home),
        nhs_logo=bool(look.get("nhs_logo")),
    )


def _named(sender: str, name: str | None) -> str:
    """The sender's address under another name: that of a bulletin."""
    if not name:
        return sender
    return f'"{name.translate(_ESCAPED)}" <{parseaddr(sender)[1]}>'


_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"'})


def _shown(logo: Mapping[str, Any] | None, home: str) -> ShownLogo | None:
    if not logo:
        return None
    sha256 = str(logo["sha256"])
    address = f"{home}/logo/{sha256}"
    return ShownLogo(sha256, address, logo["alt"], logo["width"], logo["height"])
