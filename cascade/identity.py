"""Whom everything that goes out comes from: messages of cascades and letters to users alike."""

from dataclasses import dataclass
from email.utils import parseaddr

from cascade.config import Settings


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom messages come from and where answers and reports go to."""

    sender: str
    """The From address, with a display name or without."""
    reply_to: str
    bounce_domain: str
    cell: str
    """Name of the communications cell, as people read it."""

    @property
    def domain(self) -> str:
        """The sender's domain: Message-ID and List-Id are made under it."""
        return _domain(self.sender)


def identity(settings: Settings) -> Identity:
    """Whom the messages of this installation come from."""
    return Identity(
        sender=settings.sender,
        reply_to=settings.reply_to or settings.sender,
        bounce_domain=settings.bounce_domain or _domain(settings.sender),
        cell=settings.cell,
    )


def _domain(address: str) -> str:
    return parseaddr(address)[1].rpartition("@")[2]
