"""Compile a variant once into a message with holes, then fill them for each recipient."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import toolkits
from cascade.identity import Identity
from cascade.links import Links
from cascade.sending import framing, layout
from cascade.sending.content import Content, content
from cascade.sending.facts import CascadeFacts
from cascade.sending.headers import headers
from cascade.sending.inserted import Inserted
from cascade.sending.moments import moment
from cascade.sending.resolve import NOTHING
from cascade.sending.slots import FALLBACK, recipient_values
from channels.base import Outgoing
from channels.mime import CompiledMessage, Hole, Mailbox, compile_message, envelope_address
from toolkits import Slot, Table, mark

DEFAULT_COLOUR = "#005eb8"
"""Behind a logo where no colour is chosen; without either a mail has no header."""
_EMPTY_TITLES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class CompiledVariant:
    """A variant with everything done but the recipient's slots. Holds no database rows."""

    message: CompiledMessage
    links: Links
    domain: str
    bounce_domain: str
    can_unsubscribe: bool
    inserted: Inserted

    def outgoing(
        self, delivery: int, address: str, slots: Mapping[str, str], *, now: datetime
    ) -> Outgoing:
        """The finished message of one delivery; its Message-ID is the same at every attempt.

        Raises ValueError for an address that cannot be one.
        """
        token = self.links.token("message-id", delivery)
        return_path = f"bounces+{self.links.token('return-path', delivery)}@{self.bounce_domain}"
        values = recipient_values(
            self.links,
            delivery,
            slots,
            message_token=token,
            can_unsubscribe=self.can_unsubscribe,
        )
        values["return_path"] = return_path
        if self.inserted:
            values |= self.inserted.values(values)
        body = self.message.fill(
            values,
            message_id=f"<{token}@{self.domain}>",
            # To the second, which is what it says: many messages share it.
            date=now.replace(microsecond=0),
            to=_named(values["contact"], address),
        )
        recipient, utf8 = envelope_address(address)
        return Outgoing(delivery, return_path, recipient, body, utf8)


def compile_variant(
    text: str,
    *,
    facts: CascadeFacts,
    segments: frozenset[str],
    links: Links,
    identity: Identity,
    titles: Mapping[str, str] = _EMPTY_TITLES,
    without: frozenset[str] = NOTHING,
    tables: tuple[Table, ...] = (),
) -> CompiledVariant:
    """What somebody in all these segments gets of a toolkit's text, in some 50 ms.

    `titles` names segments in words; `without`: items of an issue that they had before; `tables`:
    what the text shows of inserts.
    """
    said = content(text, segments, facts, identity, links.base_url, without, tables)
    values = page_values(said, facts, identity, framing.audience(segments, titles))
    subject = values["subject"]
    message = compile_message(
        subject=_parts(toolkits.split_text(subject)),
        sender=Mailbox.parse(identity.sender),
        reply_to=Mailbox.parse(identity.reply_to),
        html=_parts(toolkits.split_html(layout.html_page(values))),
        text=_parts(toolkits.split_text(layout.text_page(values))),
        other_headers=headers(facts, identity, toolkit=said.toolkit, language=said.language),
    )
    return CompiledVariant(
        message,
        links,
        identity.domain,
        identity.bounce_domain,
        facts.can_unsubscribe,
        mailed(said, values),
    )


def mailed(said: Content, values: dict[str, Any]) -> Inserted:
    """The tables that differ by recipient, as a mail shows them; `values` are `page_values`."""
    return said.inserted.styled(partial(layout.fragment, values=values))


def page_values(
    said: Content, facts: CascadeFacts, identity: Identity, audience: str
) -> dict[str, Any]:
    """Everything the layout names, with marks where the recipient's slots are."""
    return {
        "said": said,
        "facts": facts,
        "cell": identity.cell,
        "colour": identity.colour or (DEFAULT_COLOUR if identity.logo else ""),
        "logo": identity.logo,
        "audience": audience,
        "start": "right" if said.direction == "rtl" else "left",
        "is_foreign": said.language.split("-")[0].lower() != "en",
        "subject": framing.subject(said.title.text, facts),
        "preheader": _preheader(said, facts),
        "tier_words": framing.TIER_WORDS[facts.tier],
        "deadline": moment(facts.deadline_at) if facts.deadline_at else "",
        "exercise_word": framing.EXERCISE,
        "exercise_words": framing.EXERCISE_WORDS,
        "reply_words": framing.REPLY_WORDS,
        **{name: mark(name) for name in ("organisation", "reference", "confirm_link")},
        "unsubscribe_link": mark("unsubscribe_link") if facts.can_unsubscribe else "",
    }


def _preheader(said: Content, facts: CascadeFacts) -> str:
    """What an inbox shows after the subject, which has already said the tier and the deadline."""
    words = [line.text for line in (said.action, *said.key_messages) if line]
    if facts.exercise:
        words.insert(0, framing.EXERCISE)
    return " – ".join(words[:2])


def _parts(pieces: tuple[str | Slot, ...]) -> tuple[str | Hole, ...]:
    return tuple(
        Hole(piece.name, piece.place) if isinstance(piece, Slot) else piece for piece in pieces
    )


def _named(contact: str, address: str) -> Mailbox:
    return Mailbox("" if contact == FALLBACK["contact"] else contact, address)
