"""What somebody wants to see of a cascade's deliveries, and in which rows to look for it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    Subquery,
    Text,
    and_,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import UnaryExpression

from cascade.audience.records import Contact, Organisation
from cascade.database import among
from cascade.reporting.windows import MOST, Window
from cascade.sending.records import (
    ANSWERED_SQL,
    ENDED_SQL,
    WAITING_SQL,
    Claim,
    Counter,
    Delivery,
    DeliveryOrganisation,
    Variant,
)
from cascade.sending.states import DeliveryState, Grade

ENDED = ("bounced", "failed", "suppressed", "withdrawn", "expired")
ANSWERED = (Grade.A, Grade.B, Grade.C)

SORTS: Mapping[str, str] = MappingProxyType(
    {"": "As released", "organisation": "Organisation", "state": "State", "change": "Last change"}
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to show; empty: anything."""

    segment: str = ""
    state: str = ""
    grade: str = ""
    place: str = ""
    search: str = ""
    """Part of a name, an organisation or an address; or all of an address or a code."""
    sort: str = ""

    @property
    def is_read(self) -> bool:
        """Whether rows have to be read to know, because no counter tells."""
        return bool(self.place or self.search)

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return bool(self.segment or self.state or self.grade or self.is_read)


@dataclass(frozen=True, slots=True)
class Share:
    """How many deliveries of a variant are in a state with a grade."""

    variant: int
    segments: tuple[str, ...]
    state: str
    grade: str
    deliveries: int


def shares(session: Session, cascade_id: int, segment: str) -> tuple[Share, ...]:
    """The counters of a cascade, or of one of its segments."""
    rows = session.execute(
        select(Variant.id, Variant.segments, Counter.state, Counter.grade, Counter.deliveries)
        .join(Variant, Variant.id == Counter.variant_id)
        .where(Variant.cascade_id == cascade_id, Counter.deliveries > 0)
        .order_by(Variant.id)
    )
    every = (Share(row[0], tuple(row[1].split(",")), *row[2:]) for row in rows)
    return tuple(one for one in every if not segment or segment in one.segments)


def counted(known: Sequence[Share], wanted: Wanted) -> dict[int, int]:
    """How many of each variant are in the state and with the grade that are asked for."""
    found: dict[int, int] = {}
    for one in known:
        if wanted.state in ("", one.state) and wanted.grade in ("", one.grade):
            found[one.variant] = found.get(one.variant, 0) + one.deliveries
    return found


def sizes(known: Sequence[Share], wanted: Wanted) -> list[tuple[int, int]]:
    """The variants that hold any of it, each with the number of rows that must be looked at."""
    held = counted(known, wanted)
    rows = dict.fromkeys(held, 0)
    for one in known:
        if one.variant in held and _is_looked_at(one, wanted):
            rows[one.variant] += one.deliveries
    return list(rows.items())


def _is_looked_at(one: Share, wanted: Wanted) -> bool:
    if wanted.state in ENDED:
        return one.state in ENDED
    return wanted.grade not in ANSWERED or one.grade in ANSWERED


def in_window(wanted: Wanted, where: Window, most: int) -> Subquery:
    """The first `most` rows of a window, by the index that holds the fewest others.

    Of each, what `conditions` and `order` look at: whole rows of thousands take long to copy.
    """
    rows = _looked_at(wanted).where(_is_in(wanted, where))
    if len(where.variants) == 1:
        rows = rows.order_by(Delivery.variant_id, Delivery.id)
    return rows.limit(most).subquery("looked")


def every_of(wanted: Wanted, variant: int) -> Select[*tuple[Any, ...]]:
    """All rows of a variant that are wanted, in order."""
    rows = columns().where(_is_in(wanted, Window((variant,), 0, 0, False, None)))
    looked = rows.subquery("looked")
    return select(looked).where(conditions(wanted, looked, (variant,))).order_by(looked.c.id)


def last_of(wanted: Wanted, where: Window) -> Select[int]:
    """The last row of a window that is full; none when it isn't."""
    rows = select(Delivery.id).where(_is_in(wanted, where))
    return rows.order_by(Delivery.variant_id, Delivery.id).offset(MOST - 1).limit(1)


def _is_in(wanted: Wanted, where: Window) -> ColumnElement[bool]:
    holds = [_any(where.variants), Delivery.id > where.after]
    if wanted.state in ENDED:
        holds.append(_in_words(ENDED_SQL))
    elif wanted.grade in ANSWERED:
        holds.append(_in_words(ANSWERED_SQL))
    return and_(*holds)


def _in_words(sql: str) -> ColumnElement[bool]:
    # In the words of the index, or SQLite doesn't see that it holds them.
    return literal_column(f"deliveries.{sql}", Boolean)


def _any(variants: Sequence[int]) -> ColumnElement[bool]:
    # For a single one with `=`: only then is the index known to give its rows in order.
    if len(variants) == 1:
        return Delivery.variant_id == variants[0]
    return Delivery.variant_id.in_(variants)


def waiting(cascade_id: int) -> Subquery:
    """The first that are to go out."""
    rows = columns().where(Delivery.cascade_id == cascade_id, text(f"deliveries.{WAITING_SQL}"))
    return rows.order_by(Delivery.due_at, Delivery.id).limit(MOST).subquery("looked")


def claimed(cascade_id: int) -> Subquery:
    """Those in the hands of workers."""
    claims = select(Claim.id).where(Claim.cascade_id == cascade_id)
    rows = columns().where(Delivery.claim_id.in_(claims), Delivery.claim_id.is_not(None))
    return rows.limit(MOST).subquery("looked")


def named_exactly(cascade_id: int, search: str) -> Subquery:
    """Those of a whole email address, or of an organisation's whole code."""
    at_address = (
        select(DeliveryOrganisation.delivery_id)
        .join(Contact, Contact.organisation_id == DeliveryOrganisation.organisation_id)
        .where(Contact.email == search.lower())
    )
    of_code = (
        select(DeliveryOrganisation.delivery_id)
        .join(Organisation, Organisation.id == DeliveryOrganisation.organisation_id)
        .where(Organisation.key.in_((search, search.upper())))
    )
    is_at = and_(Delivery.id.in_(at_address), func.lower(Delivery.address) == search.lower())
    rows = columns().where(
        Delivery.cascade_id == cascade_id, is_at if "@" in search else Delivery.id.in_(of_code)
    )
    return rows.limit(MOST).subquery("looked")


def of_organisations(session: Session, cascade_id: int, numbers: Sequence[int]) -> Subquery:
    """Those that stand for any of these organisations."""
    theirs = select(DeliveryOrganisation.delivery_id).where(
        among(session, DeliveryOrganisation.organisation_id, numbers)
    )
    rows = columns().where(Delivery.cascade_id == cascade_id, Delivery.id.in_(theirs))
    return rows.limit(MOST).subquery("looked")


def conditions(wanted: Wanted, looked: Subquery, variants: Sequence[int]) -> ColumnElement[bool]:
    """What must hold of a row; `variants`: those of the segment."""
    holds: list[ColumnElement[bool]] = [looked.c.variant_id.in_(variants)]
    if wanted.state:
        holds.append(looked.c.state == wanted.state)
    if wanted.grade:
        holds.append(looked.c.grade == wanted.grade)
    if wanted.place:
        holds += [_holds(looked, wanted.place), _slot(looked, "place", wanted.place)]
    if wanted.search:
        holds.append(_is_named(looked, wanted.search))
    return and_(*holds)


def _is_named(looked: Subquery, search: str) -> ColumnElement[bool]:
    slots = or_(*(_slot(looked, name, search) for name in ("organisation", "contact")))
    address = looked.c.address.icontains(search, autoescape=True)
    return or_(address, and_(_holds(looked, search), slots))


def _holds(looked: Subquery, words: str) -> ColumnElement[bool]:
    """Whether they stand anywhere in the JSON: taking each apart takes much longer."""
    written = json.dumps(words, ensure_ascii=False)[1:-1]
    return cast(looked.c.slots, Text).icontains(written, autoescape=True)


def _slot(looked: Subquery, name: str, words: str) -> ColumnElement[bool]:
    slot: ColumnElement[bool] = looked.c.slots[name].as_string().icontains(words, autoescape=True)
    return slot


def order(wanted: Wanted, looked: Subquery) -> list[ColumnElement[Any] | UnaryExpression[Any]]:
    """In which order to show them."""
    states = {str(state): number for number, state in enumerate(DeliveryState)}
    first: list[ColumnElement[Any] | UnaryExpression[Any]] = []
    if wanted.sort == "organisation":
        first = [func.lower(looked.c.slots["organisation"].as_string())]
    elif wanted.sort == "state":
        first = [case(states, value=looked.c.state)]
    elif wanted.sort == "change":
        first = [looked.c.changed_at.desc()]
    return [*first, looked.c.id]


def _looked_at(wanted: Wanted) -> Select[*tuple[Any, ...]]:
    chosen = [
        *(Delivery.id, Delivery.variant_id, Delivery.state, Delivery.grade, Delivery.changed_at)
    ]
    if wanted.search or wanted.place or wanted.sort == "organisation":
        return select(*chosen, Delivery.address, Delivery.slots)
    return select(*chosen)


def columns() -> Select[*tuple[Any, ...]]:
    """What the line of a recipient is filled from."""
    return select(
        Delivery.id,
        Delivery.variant_id,
        Delivery.address,
        Delivery.slots,
        Delivery.state,
        Delivery.grade,
        Delivery.changed_at,
    )
