"""What stands at the top of every page about a cascade."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade.errors import NotFound
from cascade.sending.facts import segment_titles
from cascade.sending.records import Cascade, Delivery


@dataclass(frozen=True, slots=True)
class Heading:
    """A cascade in a few words."""

    id: int
    title: str
    tier: str
    state: str
    exercise: bool
    segments: Mapping[str, str]
    """Titles by name, in the order of the release."""


def heading(session: Session, cascade_id: int) -> Heading:
    """The heading of one cascade; raises NotFound."""
    found = session.get(Cascade, cascade_id)
    if found is None:
        raise NotFound(f"There is no cascade {cascade_id}.")
    titles = segment_titles(session, found, found.segments)
    return Heading(
        id=found.id,
        title=found.title,
        tier=found.tier,
        state=found.state,
        exercise=found.exercise,
        # A segment that is gone keeps its name.
        segments={name: titles.get(name, name) for name in found.segments},
    )


def is_in(session: Session, cascade_id: int, delivery_id: int) -> bool:
    """Whether a message is of that cascade."""
    found = select(Delivery.id).where(Delivery.id == delivery_id, Delivery.cascade_id == cascade_id)
    return session.scalar(found) is not None
