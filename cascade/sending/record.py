"""Record what the channel answered, many answers in one transaction."""

import json
import random
from collections import Counter as Tally
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from cascade.sending.claim import Claimed
from cascade.sending.driver import Statement, execute, is_sqlite, listed, moment
from cascade.sending.states import POLICIES, DeliveryState, Grade, Lane
from cascade.sending.transitions import Cell, Change, apply, count, record_events
from channels.base import Outcome

MOST_ATTEMPTS = 250
"""More than any tier's time allows with these waits; it ends what comes back without a wait."""
_FIRST_WAIT = {Lane.URGENT: timedelta(seconds=15), Lane.ROUTINE: timedelta(seconds=60)}
_LONGEST_WAIT = {Lane.URGENT: timedelta(minutes=15), Lane.ROUTINE: timedelta(hours=1)}

Answer = tuple[Claimed, Outcome]


def record(session: Session, answers: Sequence[Answer], now: datetime) -> None:
    """Move each delivery where its server's answer puts it; what was never sent stays claimed.

    Acceptances come in thousands, so they share statements; everything else goes one by one.
    """
    accepted = [one for one in answers if one[1].kind == "accepted"]
    moved, tally = _accept(session, accepted, now) if accepted else (set(), Tally())
    changes = [
        _change(claimed, outcome, now)
        for claimed, outcome in answers
        if settles(outcome) and claimed.id not in moved
    ]
    apply(session, changes, now, tally)


def record_accepted(session: Session, answers: Sequence[Answer], now: datetime) -> list[Answer]:
    """Record acceptances, on PostgreSQL with a single statement (see `Writer.statement`).

    Gives back those whose deliveries have changed since they were claimed: `record` them.
    """
    if is_sqlite(session):
        moved, tally = _accept(session, answers, now)
        count(session, tally)
    else:
        moved = _accept_in_one(session, answers, now)
    return [one for one in answers if one[0].id not in moved]


def settles(outcome: Outcome) -> bool:
    """Whether this ends the attempt. A message that was cut off on its way counts as tried, or one
    that makes a server hang up would be sent for ever."""
    return outcome.kind != "unsent" or outcome.stage in ("data", "body")


def _accept(
    session: Session, answers: Sequence[Answer], now: datetime
) -> tuple[set[int], Tally[Cell]]:
    """Those that are still claimed, all at once; gives which they were, and the counters' moves."""
    moved = _move_accepted(session, [claimed.id for claimed, _ in answers], now)
    tally: Tally[Cell] = Tally()
    events = []
    for claimed, outcome in answers:
        if claimed.id in moved:
            tally[claimed.variant_id, _CLAIMED, _F] -= 1
            tally[claimed.variant_id, _ACCEPTED, _E] += 1
            events.append((claimed.id, _ACCEPTED, outcome.text))
    record_events(session, events, now)
    return moved, tally


def _accept_in_one(session: Session, answers: Sequence[Answer], now: datetime) -> set[int]:
    """The same with events and counters in one statement: one less is a round trip less."""
    details = {claimed.id: outcome.text for claimed, outcome in answers}
    values = {"ids": listed(session, list(details)), "details": json.dumps(details), "now": now}
    return {row[0] for row in execute(session, _ACCEPT_IN_ONE, values)}


def _move_accepted(session: Session, ids: Sequence[int], now: datetime) -> set[int]:
    values = {"ids": listed(session, ids), "now": moment(session, now)}
    return {row[0] for row in execute(session, _ACCEPT, values)}


_ACCEPT = Statement.on_ids(
    "UPDATE deliveries SET state = 'accepted', grade = 'E', claim_id = NULL, "
    "attempts = attempts + 1, tried_at = coalesce(tried_at, :now), changed_at = :now "
    "WHERE id {ids} AND state = 'claimed' AND grade = 'F' RETURNING id"
)
_ACCEPT_IN_ONE = Statement(
    "",
    # The numbers come twice: by a list the rows are looked up, by a join PostgreSQL may read the
    # whole table, until it has counted it.
    """
    WITH moved AS (
        UPDATE deliveries SET state = 'accepted', grade = 'E', claim_id = NULL,
            attempts = attempts + 1, tried_at = coalesce(tried_at, :now), changed_at = :now
        WHERE id = ANY(:ids::bigint[]) AND state = 'claimed' AND grade = 'F'
        RETURNING id, variant_id
    ), noted AS (
        INSERT INTO events (delivery_id, at, kind, detail)
        SELECT moved.id, :now, 'accepted', given.value
        FROM moved JOIN json_each_text(:details::json) AS given ON given.key::bigint = moved.id
    ), counted AS (
        INSERT INTO counters (variant_id, state, grade, deliveries)
        SELECT variant_id, state, grade, sum(by)::int FROM (
            SELECT variant_id, 'accepted' AS state, 'E' AS grade, 1 AS by FROM moved
            UNION ALL SELECT variant_id, 'claimed', 'F', -1 FROM moved
        ) AS moves GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        ON CONFLICT (variant_id, state, grade)
        DO UPDATE SET deliveries = counters.deliveries + excluded.deliveries
    )
    SELECT id FROM moved
    """,
)
# Plain words: looking up a member of an enumeration costs more than everything around it.
_CLAIMED, _ACCEPTED, _E, _F = "claimed", "accepted", "E", "F"


def _change(claimed: Claimed, outcome: Outcome, now: datetime) -> Change:
    tries = {"attempts": claimed.attempts + 1, "tried_at": claimed.tried_at or now}
    words = f"{outcome.code} {outcome.text}" if outcome.code else outcome.text
    if outcome.kind == "accepted":
        return Change(claimed.id, "accepted", words, DeliveryState.ACCEPTED, Grade.E, tries)
    if outcome.kind == "permanent":
        return Change(claimed.id, *_ended(outcome, words), None, tries)
    if gives_up(claimed, now):
        detail = f"{words} (tried {claimed.attempts + 1} times)"
        return Change(claimed.id, "failed", detail, DeliveryState.FAILED, None, tries)
    due_at = now + wait(POLICIES[claimed.tier].lane, claimed.attempts + 1)
    state = DeliveryState.DEFERRED
    return Change(claimed.id, "deferred", words, state, None, {**tries, "due_at": due_at})


def _ended(outcome: Outcome, words: str) -> tuple[str, str, DeliveryState]:
    # Refused at RCPT: the mailbox. Refused later: the message, and that is ours to look at.
    state = DeliveryState.BOUNCED if outcome.stage == "rcpt" else DeliveryState.FAILED
    return state.value, words, state


def gives_up(claimed: Claimed, now: datetime) -> bool:
    """Whether a temporary refusal was the last one."""
    first = claimed.tried_at or now
    return claimed.attempts + 1 >= MOST_ATTEMPTS or now - first >= claimed.give_up_after


def wait(lane: Lane, attempts: int) -> timedelta:
    """Time until the next attempt: doubled each time up to a limit, and never at the same moment
    for a thousand messages that were refused together."""
    wanted: timedelta = _FIRST_WAIT[lane] * 2 ** min(attempts - 1, 12)
    return min(wanted, _LONGEST_WAIT[lane]) * random.uniform(0.75, 1.25)
