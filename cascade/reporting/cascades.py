"""The list of cascades, newest first, and how they are searched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from cascade.cleaning import cut
from cascade.paging import Page
from cascade.reporting.words import STATE_WORDS
from cascade.sending.records import Cascade, Counter, OrganisationCounter, Variant
from cascade.sending.states import DeliveryState

LONGEST_SEARCH = 100
_MOST_DIGITS = 18
"""Of what fits into a number of a row."""
_OUT = (DeliveryState.ACCEPTED, DeliveryState.DELIVERED)


@dataclass(frozen=True, slots=True)
class CascadeLine:
    """A cascade in the list; each figure with its denominator beside it."""

    id: int
    title: str
    tier: str
    state: str
    state_words: str
    exercise: bool
    released_at: datetime
    send_at: datetime
    deadline_at: datetime | None
    recipients: int
    accepted: int
    """Messages of `recipients` that their server has taken (grade E at least)."""
    organisations: int
    confirmed: int
    """Organisations of `organisations` of which a named person has answered (grades A and B)."""

    @property
    def asks(self) -> bool:
        """Whether anybody is to confirm it."""
        return self.deadline_at is not None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is to show; empty: everything."""

    search: str = ""
    state: str = ""
    tier: str = ""


EVERYTHING = Wanted()


def listing(
    session: Session, wanted: Wanted = EVERYTHING, *, page: int = 1, size: int = 20
) -> Page[CascadeLine]:
    """One page of cascades; costs the same however many messages they hold."""
    which = _which(wanted)
    some = select(Cascade).where(*which).limit(size).offset((page - 1) * size)
    total = session.scalar(select(func.count(Cascade.id)).where(*which))
    return Page(_lines(session, some), page, size, total or 0)


def titled(search: str) -> ColumnElement[bool]:
    """Whether all of these words stand in a title, in any order."""
    words = cut(search, LONGEST_SEARCH).split()
    return and_(True, *(Cascade.title.icontains(word, autoescape=True) for word in words))


def numbered(search: str) -> int | None:
    """The number of a cascade, when that is what was typed: `12` or `#12`."""
    number = search.strip().removeprefix("#")
    is_one = number.isascii() and number.isdecimal() and len(number) <= _MOST_DIGITS
    return int(number) if is_one else None


def chosen(session: Session, which: ColumnElement[bool], *, limit: int) -> tuple[CascadeLine, ...]:
    """The newest cascades of which something is true."""
    return _lines(session, select(Cascade).where(which).limit(limit))


def _which(wanted: Wanted) -> list[ColumnElement[bool]]:
    which = []
    if wanted.search:
        which.append(or_(titled(wanted.search), Cascade.id == numbered(wanted.search)))
    if wanted.state:
        which.append(Cascade.state == wanted.state)
    if wanted.tier:
        which.append(Cascade.tier == wanted.tier)
    return which


def _lines(session: Session, wanted: Select[Cascade]) -> tuple[CascadeLine, ...]:
    cascades = session.scalars(wanted.order_by(Cascade.id.desc())).all()
    numbers = [cascade.id for cascade in cascades]
    confirmed, accepted = _confirmed(session, numbers), _accepted(session, numbers)
    return tuple(_line(one, accepted.get(one.id, 0), confirmed.get(one.id, 0)) for one in cascades)


def _line(cascade: Cascade, accepted: int, confirmed: int) -> CascadeLine:
    return CascadeLine(
        id=cascade.id,
        title=cascade.title,
        tier=cascade.tier,
        state=cascade.state,
        state_words=STATE_WORDS[cascade.state],
        exercise=cascade.exercise,
        released_at=cascade.released_at,
        send_at=cascade.send_at,
        deadline_at=cascade.deadline_at,
        recipients=cascade.recipients,
        accepted=accepted,
        organisations=cascade.organisations,
        confirmed=confirmed,
    )


def _confirmed(session: Session, cascades: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(OrganisationCounter.cascade_id, func.sum(OrganisationCounter.confirmed))
        .where(OrganisationCounter.cascade_id.in_(cascades))
        .group_by(OrganisationCounter.cascade_id)
    )
    return {cascade: int(number) for cascade, number in rows}


def _accepted(session: Session, cascades: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(Variant.cascade_id, func.sum(Counter.deliveries))
        .join(Counter, Counter.variant_id == Variant.id)
        .where(Variant.cascade_id.in_(cascades), Counter.state.in_(_OUT))
        .group_by(Variant.cascade_id)
    )
    return {cascade: int(number) for cascade, number in rows}
