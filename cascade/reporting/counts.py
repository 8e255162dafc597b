"""A row of figures about a cascade or one of its segments, and how it is summed from counters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cascade.sending.states import DeliveryState, Grade

_OUT = (DeliveryState.ACCEPTED, DeliveryState.DELIVERED)
_LOST = (DeliveryState.BOUNCED, DeliveryState.FAILED)
_WAITING = (DeliveryState.PLANNED, DeliveryState.CLAIMED, DeliveryState.DEFERRED)


@dataclass(frozen=True, slots=True)
class Cell:
    """How many deliveries of one variant are in one state with one grade."""

    segments: frozenset[str]
    state: str
    grade: str
    deliveries: int


@dataclass(frozen=True, slots=True)
class Reach:
    """How many organisations are reached through one set of segments, how many have confirmed."""

    segments: frozenset[str]
    organisations: int
    confirmed: int


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one segment, or of all together."""

    name: str
    title: str
    organisations: int
    """Organisations at the release: the denominator of `confirmed`."""
    confirmed: int
    """Organisations of which a named person has answered (grades A and B)."""
    recipients: int
    """Messages at the release: the denominator of `states` and `grades`."""
    states: Mapping[str, int]
    grades: Mapping[str, int]
    """Messages by the best evidence there is about each."""

    @property
    def outstanding(self) -> int:
        """Organisations that have not answered."""
        return self.organisations - self.confirmed

    @property
    def contacts_confirmed(self) -> int:
        """Messages that a named person has answered (grades A and B)."""
        return self.grades[Grade.A] + self.grades[Grade.B]

    @property
    def accepted_or_better(self) -> int:
        """Messages that their server has taken and not given back (grade E at least)."""
        return sum(self.states[state] for state in _OUT)

    @property
    def lost(self) -> int:
        """Messages that bounced or could not be sent."""
        return sum(self.states[state] for state in _LOST)

    @property
    def waiting(self) -> int:
        """Messages still to go out."""
        return sum(self.states[state] for state in _WAITING)


def summed(
    name: str, title: str, reaches: Iterable[Reach], cells: Iterable[Cell], recipients: int | None
) -> Row:
    """One row of the sums; `recipients`: the frozen number, where there is one."""
    states = dict.fromkeys(map(str, DeliveryState), 0)
    grades = dict.fromkeys(map(str, Grade), 0)
    for cell in cells:
        states[cell.state] += cell.deliveries
        grades[cell.grade] += cell.deliveries
    known = tuple(reaches)
    return Row(
        name,
        title,
        sum(one.organisations for one in known),
        sum(one.confirmed for one in known),
        sum(states.values()) if recipients is None else recipients,
        states,
        grades,
    )
