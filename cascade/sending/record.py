"""Record what the channel answered, many answers in one transaction."""

import random
from collections import Counter as Tally
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from cascade.sending.claim import Claimed
from cascade.sending.driver import Statement, execute, is_sqlite, listed, moment
from cascade.sending.states import POLICIES, DeliveryState, Grade, Lane, Policy
from cascade.sending.transitions import Cell, Change, apply, record_events
from channels.base import Outcome

MOST_ATTEMPTS = 250
"""More than any tier's time allows with these waits; it ends what comes back without a wait."""
_FIRST_WAIT = {Lane.URGENT: timedelta(seconds=15), Lane.ROUTINE: timedelta(seconds=60)}
_LONGEST_WAIT = {Lane.URGENT: timedelta(minutes=15), Lane.ROUTINE: timedelta(hours=1)}

Answer = tuple[Claimed, Outcome]


def record(session: Session, answers: Sequence[Answer], now: datetime) -> None:
    """Move each delivery where its server's answer puts it; what was never sent stays claimed.

    Acceptances come in thousands, so they share one statement; everything else goes one by one.
    """
    accepted = [one for one in answers if one[1].kind == "accepted"]
    if len(accepted) == len(answers) and not is_sqlite(session):
        moved, tally = _accept_in_one(session, accepted, now), Tally[Cell]()
    else:
        moved, tally = _accept(session, accepted, now) if accepted else (set(), Tally())
    changes = [
        _change(claimed, outcome, now)
        for claimed, outcome in answers
        if settles(outcome) and claimed.id not in moved
    ]
    apply(session, changes, now, tally)


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
    """The same with its events and counters in one statement: each one less is a round trip less.

    Only where nothing else is counted in the transaction, for the sake of the counters' order.
    """
    values = {
        "ids": [claimed.id for claimed, _ in answers],
        "details": [outcome.text for _, outcome in answers],
        "now": now,
    }
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
    """
    WITH moved AS (
        UPDATE deliveries SET state = 'accepted', grade = 'E', claim_id = NULL,
            attempts = attempts + 1, tried_at = coalesce(tried_at, :now), changed_at = :now
        FROM unnest(:ids::bigint[], :details::text[]) AS given (id, detail)
        WHERE deliveries.id = given.id AND state = 'claimed' AND grade = 'F'
        RETURNING deliveries.id, variant_id, given.detail
    ), noted AS (
        INSERT INTO events (delivery_id, at, kind, detail)
        SELECT id, :now, 'accepted', detail FROM moved
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
    policy = POLICIES[claimed.tier]
    tries = {"attempts": claimed.attempts + 1, "tried_at": claimed.tried_at or now}
    words = f"{outcome.code} {outcome.text}" if outcome.code else outcome.text
    if outcome.kind == "accepted":
        return Change(claimed.id, "accepted", words, DeliveryState.ACCEPTED, Grade.E, tries)
    if outcome.kind == "permanent":
        return Change(claimed.id, *_ended(outcome, words), None, tries)
    if gives_up(claimed, policy, now):
        detail = f"{words} (tried {claimed.attempts + 1} times)"
        return Change(claimed.id, "failed", detail, DeliveryState.FAILED, None, tries)
    due_at = now + wait(policy.lane, claimed.attempts + 1)
    state = DeliveryState.DEFERRED
    return Change(claimed.id, "deferred", words, state, None, {**tries, "due_at": due_at})


def _ended(outcome: Outcome, words: str) -> tuple[str, str, DeliveryState]:
    # Refused at RCPT: the mailbox. Refused later: the message, and that is ours to look at.
    state = DeliveryState.BOUNCED if outcome.stage == "rcpt" else DeliveryState.FAILED
    return state.value, words, state


def gives_up(claimed: Claimed, policy: Policy, now: datetime) -> bool:
    """Whether a temporary refusal was the last one."""
    first = claimed.tried_at or now
    return claimed.attempts + 1 >= MOST_ATTEMPTS or now - first >= policy.give_up_after


def wait(lane: Lane, attempts: int) -> timedelta:
    """Time until the next attempt: doubled each time up to a limit, and never at the same moment
    for a thousand messages that were refused together."""
    wanted: timedelta = _FIRST_WAIT[lane] * 2 ** min(attempts - 1, 12)
    return min(wanted, _LONGEST_WAIT[lane]) * random.uniform(0.75, 1.25)
