"""What the messages of a cascade say about it, free of database rows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade.audience.records import Segment
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


def omitted(variant: Variant) -> frozenset[str]:
    """The items of an issue that a variant is without: its readers had them before."""
    return frozenset(filter(None, variant.omits.split(",")))


def segment_titles(session: Session, cascade: Cascade, names: Collection[str]) -> Mapping[str, str]:
    """What segments of a cascade were called at its release; as now where that was not kept."""
    if cascade.segment_titles is not None:
        return {name: cascade.segment_titles.get(name, name) for name in names}
    rows = session.execute(select(Segment.name, Segment.title).where(Segment.name.in_(names)))
    return {row.name: row.title for row in rows}
