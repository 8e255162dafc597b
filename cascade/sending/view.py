"""A message as its recipient got it, for the page where it is confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade.identity import Identity
from cascade.inserts.expanding import of_cascade
from cascade.library.records import ToolkitVersion
from cascade.links import Links
from cascade.look.wearing import worn
from cascade.sending import framing
from cascade.sending.content import Content, Line, content
from cascade.sending.facts import CascadeFacts, cascade_facts, omitted, segment_names
from cascade.sending.records import Cascade, Delivery, IssueItem, Variant
from cascade.sending.slots import recipient_values
from cascade.sending.states import CascadeState, Tier
from toolkits import fill, html_value, text_value


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message with its recipient's slots filled. Markup is sanitised and safe to show."""

    delivery_id: int
    cascade_id: int
    title: str
    subject: str
    html: Markup
    """The sections; the key messages and the action stand apart."""
    text: str
    key_messages: tuple[Markup, ...]
    action: Markup
    tier: Tier
    tier_words: str
    deadline_at: datetime | None
    organisation: str
    contact: str
    role: str
    language: str
    direction: str
    exercise: bool
    state: CascadeState
    asks_confirmation: bool
    can_unsubscribe: bool
    sender: str
    """The communications cell that it comes from."""
    contact_line: Markup
    """Where questions go; may be empty, as the next two."""
    lead: str
    spokesperson: str
    reference: str
    items: Mapping[str, str]
    """Of an issue: the titles of the items that ask whether they were used, by their names."""


def view(
    session: Session, delivery_id: int, links: Links, identity: Identity
) -> MessageView | None:
    """The message of a delivery; None when there is no such delivery."""
    row = session.execute(
        select(Delivery, Variant, Cascade, ToolkitVersion.text)
        .join(Variant, Variant.id == Delivery.variant_id)
        .join(Cascade, Cascade.id == Delivery.cascade_id)
        .join(ToolkitVersion, ToolkitVersion.id == Variant.version_id)
        .where(Delivery.id == delivery_id)
    ).one_or_none()
    if row is None:
        return None
    delivery, variant, cascade, text = row
    identity = worn(identity, cascade.look, links.base_url)
    facts = cascade_facts(cascade)
    tables = of_cascade(session, cascade.id, text)
    segments, without = segment_names(variant), omitted(variant)
    said = content(text, segments, facts, identity, links.base_url, without, tables)
    values = recipient_values(
        links,
        delivery_id,
        delivery.slots,
        message_token=links.token("message-id", delivery_id),
        can_unsubscribe=facts.can_unsubscribe,
    )
    values |= said.inserted.values(values)
    asks = _asked(session, variant.version_id, said.items) if said.items else {}
    return _filled(delivery, cascade, said, facts, values, identity.cell, asks)


def _asked(session: Session, version: int, shown: Sequence[str]) -> dict[str, str]:
    """The items among these whose use is asked for, with their titles, in their order."""
    rows = session.execute(
        select(IssueItem.item, IssueItem.title).where(
            IssueItem.version_id == version, IssueItem.asks
        )
    )
    titles = {row.item: row.title for row in rows}
    return {one: titles[one] for one in shown if one in titles}


def _filled(
    delivery: Delivery,
    cascade: Cascade,
    said: Content,
    facts: CascadeFacts,
    values: Mapping[str, str],
    cell: str,
    asks: Mapping[str, str],
) -> MessageView:
    return MessageView(
        delivery_id=delivery.id,
        cascade_id=cascade.id,
        title=_text(said.title, values),
        subject=fill(framing.subject(said.title.text, facts), values, text_value),
        html=_html(said.html, values),
        text=fill(said.text, values, text_value),
        key_messages=tuple(_html(one.html, values) for one in said.key_messages),
        action=_html(said.action.html, values),
        tier=facts.tier,
        tier_words=framing.TIER_WORDS[facts.tier],
        deadline_at=facts.deadline_at,
        organisation=values["organisation"],
        contact=values["contact"],
        role=values["role"],
        language=said.language,
        direction=said.direction,
        exercise=facts.exercise,
        state=CascadeState(cascade.state),
        asks_confirmation=facts.asks_confirmation,
        can_unsubscribe=facts.can_unsubscribe,
        sender=cell,
        contact_line=_html(said.contact.html, values),
        lead=_text(said.lead, values),
        spokesperson=_text(said.spokesperson, values),
        reference=values["reference"],
        items=asks,
    )


def _html(marked: str, values: Mapping[str, str]) -> Markup:
    return Markup(fill(marked, values, html_value))


def _text(line: Line, values: Mapping[str, str]) -> str:
    return fill(line.text, values, text_value)
