"""The funnel of a cascade, read from its counters: a million people cost what ten do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade.errors import NotFound
from cascade.library.records import Toolkit, ToolkitVersion
from cascade.reporting.counts import Cell, Reach, Row, summed
from cascade.reporting.words import STATE_WORDS
from cascade.sending.facts import segment_titles
from cascade.sending.records import (
    Cascade,
    CascadeEvent,
    Counter,
    OrganisationCounter,
    Variant,
)
from cascade.sending.states import CascadeAct, CascadeState, DeliveryState

_S, _D = CascadeState, DeliveryState
_AHEAD = (_S.SCHEDULED, _S.HELD, _S.AWAITING)
_TRIED = (_D.CLAIMED, _D.DEFERRED, _D.ACCEPTED, _D.DELIVERED, _D.BOUNCED, _D.FAILED)


@dataclass(frozen=True, slots=True)
class Funnel:
    """A cascade and its figures: all together (each counted once), and for each segment."""

    id: int
    title: str
    toolkit: str
    version: int
    tier: str
    state: str
    state_words: str
    exercise: bool
    released_at: datetime
    send_at: datetime
    sent_at: datetime | None
    deadline_at: datetime | None
    suppressed: Mapping[str, int]
    """Contacts left out at the release, by reason."""
    seconds_to_50: float | None
    """From the first send until half of the organisations had confirmed."""
    seconds_to_90: float | None
    total: Row
    segments: tuple[Row, ...]
    """An organisation in two segments is in both rows."""
    reason: str = ""
    """Why it was withdrawn, where that was kept."""

    @property
    def organisations(self) -> int:
        return self.total.organisations

    @property
    def asks(self) -> bool:
        """Whether anybody is to confirm it: else nobody is outstanding."""
        return self.deadline_at is not None

    @property
    def goes_out(self) -> bool:
        """Whether its time, `send_at`, is still to come, or somebody's word."""
        return self.state in _AHEAD

    @property
    def has_begun(self) -> bool:
        """Whether any message has gone, or is going: else there is no first one to speak of."""
        if self.state not in (CascadeState.WITHDRAWN, CascadeState.PAUSED):
            return not self.goes_out
        return any(self.total.states[state] for state in _TRIED)

    @property
    def recipients(self) -> int:
        return self.total.recipients


def funnel(session: Session, cascade_id: int) -> Funnel:
    """The funnel of one cascade; raises NotFound."""
    found = session.execute(
        select(Cascade, Toolkit.name, ToolkitVersion.number)
        .join(Toolkit, Toolkit.id == Cascade.toolkit_id)
        .join(ToolkitVersion, ToolkitVersion.id == Cascade.version_id)
        .where(Cascade.id == cascade_id)
    ).one_or_none()
    if found is None:
        raise NotFound(f"There is no cascade {cascade_id}.")
    cascade, toolkit, version = found
    reaches, cells = _reaches(session, cascade_id), _cells(session, cascade_id)
    return Funnel(
        id=cascade.id,
        title=cascade.title,
        toolkit=toolkit,
        version=version,
        tier=cascade.tier,
        state=cascade.state,
        state_words=STATE_WORDS[cascade.state],
        exercise=cascade.exercise,
        released_at=cascade.released_at,
        send_at=cascade.send_at,
        sent_at=cascade.sent_at,
        deadline_at=cascade.deadline_at,
        suppressed=cascade.suppressed,
        seconds_to_50=_seconds(cascade.send_at, cascade.half_confirmed_at),
        seconds_to_90=_seconds(cascade.send_at, cascade.most_confirmed_at),
        total=summed("all", "All together", reaches, cells, cascade.recipients),
        segments=tuple(
            _segment(name, title, reaches, cells)
            for name, title in _titles(session, cascade).items()
        ),
        reason=_reason(session, cascade),
    )


def status(funnel: Funnel) -> dict[str, Any]:
    """The funnel as the commands' JSON gives it."""
    return {
        "cascade": funnel.id,
        "title": funnel.title,
        "toolkit": funnel.toolkit,
        "version": funnel.version,
        "tier": funnel.tier,
        "exercise": funnel.exercise,
        "state": funnel.state,
        "reason": funnel.reason,
        "released_at": funnel.released_at,
        "send_at": funnel.send_at,
        "sent_at": funnel.sent_at,
        "deadline_at": funnel.deadline_at,
        **figures(funnel.total),
        "suppressed": dict(funnel.suppressed),
        "segments": {row.name: figures(row) for row in funnel.segments},
        "seconds_to_50": funnel.seconds_to_50,
        "seconds_to_90": funnel.seconds_to_90,
    }


def figures(row: Row) -> dict[str, Any]:
    """A row as the commands' JSON gives it."""
    return {
        "organisations": row.organisations,
        "recipients": row.recipients,
        "deliveries": dict(row.states),
        "confirmed": {"organisations": row.confirmed, "contacts": row.contacts_confirmed},
        "grades": dict(row.grades),
    }


def _segment(name: str, title: str, reaches: list[Reach], cells: list[Cell]) -> Row:
    return summed(
        name,
        title,
        (one for one in reaches if name in one.segments),
        (one for one in cells if name in one.segments),
        None,
    )


def _reaches(session: Session, cascade_id: int) -> list[Reach]:
    rows = session.execute(
        select(
            OrganisationCounter.segments,
            OrganisationCounter.organisations,
            OrganisationCounter.confirmed,
        ).where(OrganisationCounter.cascade_id == cascade_id)
    )
    return [Reach(frozenset(names.split(",")), all_, confirmed) for names, all_, confirmed in rows]


def _cells(session: Session, cascade_id: int) -> list[Cell]:
    rows = session.execute(
        select(Variant.segments, Counter.state, Counter.grade, Counter.deliveries)
        .join(Variant, Variant.id == Counter.variant_id)
        .where(Variant.cascade_id == cascade_id)
    )
    return [
        Cell(frozenset(names.split(",")), state, grade, deliveries)
        for names, state, grade, deliveries in rows
    ]


def _reason(session: Session, cascade: Cascade) -> str:
    if cascade.state != CascadeState.WITHDRAWN:
        return ""
    why = select(CascadeEvent.detail).where(
        CascadeEvent.cascade_id == cascade.id, CascadeEvent.kind == CascadeAct.WITHDRAWN
    )
    return session.scalar(why.order_by(CascadeEvent.id.desc()).limit(1)) or ""


def _titles(session: Session, cascade: Cascade) -> dict[str, str]:
    """Titles by name, in the order of the release; a segment that is gone keeps its name."""
    titles = segment_titles(session, cascade, cascade.segments)
    return {name: titles.get(name, name) for name in cascade.segments}


def _seconds(start: datetime, end: datetime | None) -> float | None:
    return None if end is None else max(0.0, (end - start).total_seconds())
