"""Why messages of a cascade did not arrive, by reason; looks at a bounded number of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from cascade.reporting.reasons import Reason, reason_of, status
from cascade.reporting.recipients import Recipient, filled
from cascade.reporting.selection import Share, columns, shares
from cascade.reporting.words import DELIVERY_WORDS
from cascade.sending.records import ENDED_SQL, Delivery, Event
from cascade.sending.states import DeliveryState

MOST = 500
"""Messages that are looked at."""
EXAMPLES = 5
STATES = (DeliveryState.BOUNCED, DeliveryState.FAILED, DeliveryState.SUPPRESSED)


@dataclass(frozen=True, slots=True)
class Group:
    """Messages that did not arrive for the same reason."""

    state: str
    state_words: str
    code: str
    """RFC 3463 or RFC 5321; empty: their server gave none."""
    reason: Reason
    messages: int
    detail: str
    """What a server said about the first of them."""
    examples: tuple[Recipient, ...]


@dataclass(frozen=True, slots=True)
class Failures:
    """What did not arrive."""

    groups: tuple[Group, ...]
    totals: Mapping[str, int]
    """All there are, by state, from the counters."""
    looked: int
    """How many of them the groups are made from."""

    @property
    def total(self) -> int:
        return sum(self.totals.values())


def failures(session: Session, cascade_id: int) -> Failures:
    """Groups of what bounced, failed or was suppressed, the largest first."""
    known = [one for one in shares(session, cascade_id, "") if one.state in STATES]
    looked = _looked(session, known)
    largest = sorted(_together(looked).items(), key=lambda pair: (-len(pair[1].ids), pair[0]))
    shown = [id_ for _, told in largest for id_ in told.ids[:EXAMPLES]]
    people = _people(session, shown, {one.variant: one.segments for one in known})
    groups = tuple(_group(state, code, told, people) for (state, code), told in largest)
    totals = {
        str(state): sum(one.deliveries for one in known if one.state == state) for state in STATES
    }
    return Failures(groups, totals, len(looked))


@dataclass(slots=True)
class _Told:
    """What a server said, and the deliveries that it said it of."""

    detail: str
    ids: list[int]


def _looked(session: Session, known: Sequence[Share]) -> Mapping[int, tuple[str, str]]:
    """State and last words about the first of them."""
    some = (
        select(Delivery.id, Delivery.state)
        .where(
            Delivery.variant_id.in_(sorted({one.variant for one in known})),
            text(f"deliveries.{ENDED_SQL}"),
            Delivery.state.in_(STATES),
        )
        .limit(MOST)
        .subquery("looked")
    )
    rows = session.connection().execute(
        select(some.c.id, some.c.state, Event.detail)
        .outerjoin(Event, (Event.delivery_id == some.c.id) & (Event.kind == some.c.state))
        .order_by(some.c.id, Event.id)
    )
    return {id_: (state, detail or "") for id_, state, detail in rows}


def _together(looked: Mapping[int, tuple[str, str]]) -> Mapping[tuple[str, str], _Told]:
    """By state and code, or by the reason kept with an address that must not be written to."""
    # Most say the same words, which are then read once.
    by_words: dict[tuple[str, str], list[int]] = {}
    for id_, words in looked.items():
        by_words.setdefault(words, []).append(id_)
    together: dict[tuple[str, str], _Told] = {}
    for (state, detail), ids in by_words.items():
        code = detail if state == DeliveryState.SUPPRESSED else status(detail)
        together.setdefault((state, code), _Told(detail, [])).ids.extend(ids)
    return together


def _people(
    session: Session, deliveries: Sequence[int], segments: Mapping[int, tuple[str, ...]]
) -> Mapping[int, Recipient]:
    rows = session.execute(columns().where(Delivery.id.in_(deliveries)))
    return {row.id: filled(row, segments[row.variant_id], "") for row in rows}


def _group(state: str, code: str, told: _Told, people: Mapping[int, Recipient]) -> Group:
    return Group(
        state=state,
        state_words=DELIVERY_WORDS[state],
        code="" if state == DeliveryState.SUPPRESSED else code,
        reason=reason_of(state, told.detail),
        messages=len(told.ids),
        detail=told.detail,
        examples=tuple(people[id_] for id_ in told.ids[:EXAMPLES]),
    )
