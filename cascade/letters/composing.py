"""Make a letter into a message: a text part, and an HTML part that looks like it."""

import re
from dataclasses import dataclass
from datetime import datetime

from cascade.email_templates import render
from cascade.identity import Identity
from cascade.letters.posting import Claimed
from cascade.links import Links
from channels.base import Outgoing
from channels.mime import Mailbox, compile_message, envelope_address

_ADDRESS = re.compile(r"https?://[^\s<>]+")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together, or one address that is to be opened."""

    lines: tuple[str, ...] = ()
    address: str = ""


def compose(letter: Claimed, links: Links, identity: Identity, now: datetime) -> Outgoing:
    """The finished message; its Message-ID is the same at every attempt.

    Raises ValueError for an address that cannot be one.
    """
    values: dict[str, object] = {
        "subject": letter.subject,
        "text": letter.text,
        "cell": identity.cell,
    }
    message = compile_message(
        subject=(letter.subject,),
        sender=Mailbox.parse(identity.sender),
        reply_to=Mailbox.parse(identity.reply_to),
        text=(letter.text if letter.html else render("letter.txt", values),),
        html=(letter.html or render("letter.html", {**values, "blocks": blocks(letter.text)}),),
        other_headers={"Auto-Submitted": ("auto-generated",)},  # RFC 3834
    )
    token = links.token("letter", letter.id)
    body = message.fill(
        {},
        message_id=f"<{token}@{identity.domain}>",
        date=now.replace(microsecond=0),
        to=Mailbox(letter.name, letter.to),
    )
    recipient, utf8 = envelope_address(letter.to)
    return_path = f"bounces+{token}@{identity.bounce_domain}"
    return Outgoing(letter.id, return_path, recipient, body, utf8)


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
