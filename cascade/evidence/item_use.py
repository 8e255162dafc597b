"""Which items of an issue a named person says they used."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade.evidence.records import ItemAnswer

USED = "used"


def keep(session: Session, delivery_id: int, items: Iterable[str], now: datetime) -> None:
    """Keep that these items were used, as somebody says who has just given their name."""
    before = kept(session, delivery_id)
    session.add_all(
        ItemAnswer(delivery_id=delivery_id, item=one, answer=USED, at=now)
        for one in dict.fromkeys(items)
        if one not in before
    )
    session.flush()


def kept(session: Session, delivery_id: int) -> frozenset[str]:
    """What was said to be used so far."""
    theirs = select(ItemAnswer.item).where(ItemAnswer.delivery_id == delivery_id)
    return frozenset(session.scalars(theirs))
