"""The states of cascades and deliveries, the moves between them, tiers and evidence grades."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class CascadeState(StrEnum):
    """Where a release stands."""

    AWAITING = "awaiting"
    """Until a second person countersigns it."""
    SCHEDULED = "scheduled"
    HELD = "held"
    """Overdue by more than its tolerance: a person decides."""
    SENDING = "sending"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    SENT = "sent"


class CascadeAct(StrEnum):
    """What is done to a release after it was made."""

    COUNTERSIGNED = "countersigned"
    STARTED = "started"
    HELD = "held"
    PAUSED = "paused"
    RESUMED = "resumed"
    WITHDRAWN = "withdrawn"
    SENT = "sent"


class DeliveryState(StrEnum):
    """Where one message to one contact stands."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    DEFERRED = "deferred"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


_D = DeliveryState

WAITING = (_D.PLANNED, _D.DEFERRED)
"""Still to go out."""

OPEN = (_D.PLANNED, _D.CLAIMED, _D.DEFERRED)
"""A cascade with any of these is not sent yet."""

COMES_FROM: dict[DeliveryState, tuple[DeliveryState, ...]] = {
    _D.PLANNED: (_D.CLAIMED,),
    _D.CLAIMED: (_D.PLANNED, _D.DEFERRED),
    # An acceptance is a fact, also when the lease ran out meanwhile: the message must not go again.
    _D.ACCEPTED: (_D.CLAIMED, _D.PLANNED, _D.DEFERRED),
    _D.DEFERRED: (_D.CLAIMED,),
    _D.DELIVERED: (_D.ACCEPTED,),
    _D.BOUNCED: (_D.CLAIMED, _D.ACCEPTED, _D.DELIVERED),
    _D.FAILED: (_D.CLAIMED,),
    _D.SUPPRESSED: (_D.PLANNED, _D.DEFERRED),
    _D.WITHDRAWN: (_D.PLANNED, _D.DEFERRED, _D.CLAIMED),
    _D.EXPIRED: (_D.PLANNED, _D.DEFERRED),
}
"""The states each state may be entered from. Any other report is an event and changes nothing."""


class Grade(StrEnum):
    """How well it is known that a message arrived, best first."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


GRADE_MEANING = {
    Grade.A: "a named person confirmed",
    Grade.B: "confirmed to an operator by phone",
    Grade.C: "their mail program reported it displayed",
    Grade.D: "their server reported it delivered",
    Grade.E: "their server accepted it",
    Grade.F: "nothing, or a bounce",
}


class Lane(StrEnum):
    """Urgent work never waits behind routine work."""

    URGENT = "urgent"
    ROUTINE = "routine"


class Tier(StrEnum):
    """How urgent a release is."""

    IMMEDIATE = "immediate"
    URGENT = "urgent"
    IMPORTANT = "important"
    ROUTINE = "routine"


@dataclass(frozen=True, slots=True)
class Policy:
    """What a tier means for sending."""

    lane: Lane
    confirm_within: timedelta | None
    """Time to confirm in, counted from the first send; None: no confirmation is asked for."""
    working_time: bool
    """Whether that time runs in working hours only."""
    give_up_after: timedelta
    """How long a temporary refusal is tried again."""
    tolerance: timedelta
    """A scheduled release that is later than this waits for a person."""
    can_unsubscribe: bool
    two_people: bool
    """Whether one releases and another countersigns, where sign-off is in force."""


POLICIES = {
    Tier.IMMEDIATE: Policy(
        lane=Lane.URGENT,
        confirm_within=timedelta(hours=1),
        working_time=False,
        give_up_after=timedelta(hours=4),
        tolerance=timedelta(minutes=30),
        can_unsubscribe=False,
        two_people=True,
    ),
    Tier.URGENT: Policy(
        lane=Lane.URGENT,
        confirm_within=timedelta(hours=4),
        working_time=True,
        give_up_after=timedelta(days=2),
        tolerance=timedelta(hours=1),
        can_unsubscribe=False,
        two_people=True,
    ),
    Tier.IMPORTANT: Policy(
        lane=Lane.ROUTINE,
        confirm_within=timedelta(hours=24),
        working_time=False,
        give_up_after=timedelta(days=2),
        tolerance=timedelta(hours=4),
        can_unsubscribe=False,
        two_people=False,
    ),
    Tier.ROUTINE: Policy(
        lane=Lane.ROUTINE,
        confirm_within=None,
        working_time=False,
        give_up_after=timedelta(days=4),
        tolerance=timedelta(hours=12),
        can_unsubscribe=True,
        two_people=False,
    ),
}
