"""Make a letter into a message: a text part, and an HTML part that looks like it."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cascade.config import Settings
from cascade.letters.posting import Claimed
from cascade.links import Links
from channels.base import Outgoing
from channels.mime import Mailbox, compile_message, envelope_address

TEMPLATES = Path(__file__).parents[2] / "templates" / "email"
_ADDRESS = re.compile(r"https?://[^\s<>]+")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whom letters come from, and what their Message-IDs are signed with."""

    links: Links
    sender: str
    """The From address, with a display name or without."""
    reply_to: str
    bounce_domain: str
    cell: str


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together, or one address that is to be opened."""

    lines: tuple[str, ...] = ()
    address: str = ""


def letterhead(settings: Settings) -> Letterhead:
    """Whom the letters of this installation come from."""
    return Letterhead(
        links=Links(settings.secret, settings.base_url),
        sender=settings.sender,
        reply_to=settings.reply_to or settings.sender,
        bounce_domain=settings.bounce_domain or _domain(settings.sender),
        cell=settings.cell,
    )


def compose(letter: Claimed, head: Letterhead, now: datetime) -> Outgoing:
    """The finished message; its Message-ID is the same at every attempt.

    Raises ValueError for an address that cannot be one.
    """
    values = {"subject": letter.subject, "text": letter.text, "cell": head.cell}
    message = compile_message(
        subject=(letter.subject,),
        sender=_mailbox(head.sender),
        reply_to=_mailbox(head.reply_to),
        text=(_render("letter.txt", **values),),
        html=(_render("letter.html", blocks=blocks(letter.text), **values),),
        other_headers={"Auto-Submitted": ("auto-generated",)},  # RFC 3834
    )
    token = head.links.token("letter", letter.id)
    body = message.fill(
        {},
        message_id=f"<{token}@{_domain(head.sender)}>",
        date=now.replace(microsecond=0),
        to=Mailbox(letter.name, letter.to),
    )
    recipient, utf8 = envelope_address(letter.to)
    return Outgoing(letter.id, f"bounces+{token}@{head.bounce_domain}", recipient, body, utf8)


def blocks(text: str) -> list[Block]:
    """The paragraphs of a letter; an address on a line of its own is a block of its own."""
    found: list[Block] = []
    lines: list[str] = []
    for line in (*text.splitlines(), ""):
        stripped = line.strip()
        is_address = _ADDRESS.fullmatch(stripped) is not None
        if stripped and not is_address:
            lines.append(stripped)
            continue
        if lines:
            found.append(Block(lines=tuple(lines)))
            lines = []
        if is_address:
            found.append(Block(address=stripped))
    return found


def _render(template: str, **values: object) -> str:
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _mailbox(address: str) -> Mailbox:
    return Mailbox(*parseaddr(address))


def _domain(address: str) -> str:
    return parseaddr(address)[1].rpartition("@")[2]
