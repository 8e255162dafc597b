"""Whom everything that goes out comes from: messages of cascades and letters to users alike."""

from dataclasses import dataclass
from email.utils import parseaddr

from cascade.config import Settings


@dataclass(frozen=True, slots=True)
class ShownLogo:
    """The logo of the cell, as headers show it."""

    sha256: str
    address: str
    """The whole address, as mail needs it."""
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom messages come from, where answers and reports go to, and how it looks."""

    sender: str
    """The From address, with a display name or without."""
    reply_to: str
    bounce_domain: str
    cell: str
    """Name of the communications cell, as people read it."""
    colour: str = ""
    """`#1a2b3c` behind the white words of headers; empty: pages are blue, mails have no header."""
    logo: ShownLogo | None = None
    nhs_logo: bool = False
    """On pages only: not every mail program shows a drawing."""

    @property
    def domain(self) -> str:
        """The sender's domain: Message-ID and List-Id are made under it."""
        return _domain(self.sender)

    @property
    def contact(self) -> str:
        """The address that people who are stuck can write to."""
        return parseaddr(self.reply_to)[1]


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
