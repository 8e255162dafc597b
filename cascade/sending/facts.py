"""What the messages of a cascade say about it, free of database rows."""

from dataclasses import dataclass
from datetime import datetime

from cascade.sending.records import Cascade, Variant
from cascade.sending.states import POLICIES, Lane, Tier


@dataclass(frozen=True, slots=True)
class CascadeFacts:
    """The facts that are the same in every message of a cascade."""

    tier: Tier
    deadline_at: datetime | None = None
    exercise: bool = False

    @property
    def asks_confirmation(self) -> bool:
        """Whether the reader is asked to confirm; routine news leaves it to them."""
        return self.deadline_at is not None or POLICIES[self.tier].confirm_within is not None

    @property
    def can_unsubscribe(self) -> bool:
        return POLICIES[self.tier].can_unsubscribe

    @property
    def is_urgent(self) -> bool:
        return POLICIES[self.tier].lane is Lane.URGENT


def cascade_facts(cascade: Cascade) -> CascadeFacts:
    """What the messages of a cascade say about it."""
    return CascadeFacts(Tier(cascade.tier), cascade.deadline_at, cascade.exercise)


def segment_names(variant: Variant) -> frozenset[str]:
    """The set of segments that a variant is for."""
    return frozenset(filter(None, variant.segments.split(",")))
