"""How often each item of an issue was used, of how many messages that had it."""

from collections import Counter as Tally
from dataclasses import dataclass

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

import toolkits
from cascade.evidence.records import ItemAnswer
from cascade.library.records import ToolkitVersion
from cascade.sending.facts import omitted, segment_names
from cascade.sending.records import Counter, Delivery, IssueItem, Variant


@dataclass(frozen=True, slots=True)
class ItemUse:
    """One item: who has used it, as a named person says (grade A)."""

    item: str
    title: str
    used: int
    messages: int
    """That had it, as planned at the release."""
    asks: bool


def item_uses(session: Session, cascade: int, version: int) -> tuple[ItemUse, ...]:
    """The items of a released issue, in its order; `version`: in its first language."""
    messages = _messages(session, cascade)
    used = _used(session, cascade)
    rows = {
        one.item: one
        for one in session.scalars(select(IssueItem).where(IssueItem.version_id == version))
    }
    ordered = [one for one in messages if one in rows] + [
        one for one in rows if one not in messages
    ]
    return tuple(
        ItemUse(one, rows[one].title, used.get(one, 0), messages[one], rows[one].asks)
        for one in ordered
    )


def _messages(session: Session, cascade: int) -> Tally[str]:
    """How many messages had each item: a few variants, however many readers."""
    rows = session.execute(
        select(Variant, ToolkitVersion.text, func.sum(Counter.deliveries))
        .join(ToolkitVersion, ToolkitVersion.id == Variant.version_id)
        .join(Counter, Counter.variant_id == Variant.id)
        .where(Variant.cascade_id == cascade)
        .group_by(Variant.id, ToolkitVersion.id)
        .order_by(Variant.id)
    ).all()
    documents = {variant.version_id: toolkits.parse(text) for variant, text, _ in rows}
    found: Tally[str] = Tally()
    for variant, _, count in rows:
        document = documents[variant.version_id]
        for item in toolkits.items(document, segment_names(variant), without=omitted(variant)):
            found[item] += int(count)
    return found


def _used(session: Session, cascade: int) -> dict[str, int]:
    variants = select(Variant.id).where(Variant.cascade_id == cascade)
    rows = session.execute(
        select(ItemAnswer.item, func.count(distinct(ItemAnswer.delivery_id)))
        .join(Delivery, Delivery.id == ItemAnswer.delivery_id)
        .where(Delivery.variant_id.in_(variants))
        .group_by(ItemAnswer.item)
    )
    return {row[0]: row[1] for row in rows}
