"""How often a toolkit was used: by group, by segment, against its target; each figure by grade."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from cascade.errors import BadInput
from cascade.reposts.by_segment import BySegment, by_segment
from cascade.reposts.records import EmbedCount, Repost, RepostTarget, Taker, TakerVisit
from cascade.reposts.words import GRADES, TARGETS

MOST_SITES = 20
MOST_TAKERS = 50
MOST_GROUPS = 20
_MOST = 100_000_000
_RANK = case({grade: rank for rank, grade in enumerate(GRADES)}, value=Repost.grade)
_GRADE = dict(enumerate(GRADES))


@dataclass(frozen=True, slots=True)
class Group:
    """What one group did with a toolkit; `grade` is the best that any of its reports has."""

    key: str
    name: str
    kind: str
    reports: int
    people: int
    grade: str


@dataclass(frozen=True, slots=True)
class Target:
    """What is wanted, what there is of it, and how much of that was seen by us."""

    what: str
    wanted: int
    reached: int
    seen: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything about the use of one toolkit."""

    reports: Mapping[str, int]
    """How many there are of each grade."""
    people: Mapping[str, int]
    """About how many people these say they reached, by grade; groups may count the same twice."""
    groups: tuple[Group, ...]
    """The first MOST_GROUPS that gave a name, those that were seen before others."""
    groups_total: int
    segments: BySegment
    targets: tuple[Target, ...]
    withdrawn: int

    @property
    def total(self) -> int:
        return sum(self.reports.values())


@dataclass(frozen=True, slots=True)
class Counted:
    """A line of a list of counts."""

    name: str
    count: int
    last: date


def summary(session: Session, toolkit_id: int, segments: BySegment | None = None) -> Summary:
    """The use of a toolkit, in a handful of queries over its reports.

    `segments`: its use by segment, where that was counted not long ago.
    """
    counts = session.execute(
        select(Repost.grade, func.count(), func.coalesce(func.sum(Repost.people), 0))
        .where(*_counting(toolkit_id))
        .group_by(Repost.grade)
    ).all()
    reports = dict.fromkeys(GRADES, 0) | {grade: number for grade, number, _ in counts}
    people = dict.fromkeys(GRADES, 0) | {grade: int(number or 0) for grade, _, number in counts}
    best = _by_best(session, toolkit_id)
    withdrawn = select(func.count(Repost.id)).where(
        Repost.toolkit_id == toolkit_id, Repost.withdrawn_at.is_not(None)
    )
    return Summary(
        reports,
        people,
        _groups(session, toolkit_id),
        sum(best.values()),
        by_segment(session, toolkit_id) if segments is None else segments,
        _targets(session, toolkit_id, best, people),
        session.scalar(withdrawn) or 0,
    )


def set_target(session: Session, toolkit_id: int, what: str, typed: str) -> tuple[int, int]:
    """Set how much is wanted, or with nothing typed no target; gives it before and after (0: none).

    Raises BadInput.
    """
    digits = "".join(typed.replace(",", "").split())
    if digits and not (digits.isascii() and digits.isdecimal() and 0 < int(digits[:10]) <= _MOST):
        raise BadInput("Not a number.", [f"{what}: Enter a number in digits, such as 3"])
    found = session.get(RepostTarget, (toolkit_id, what))
    before, after = found.number if found else 0, int(digits or 0)
    if found is not None and not after:
        session.delete(found)
    elif found is not None:
        found.number = after
    elif after:
        session.add(RepostTarget(toolkit_id=toolkit_id, what=what, number=after))
    return before, after


def sites(session: Session, toolkit_id: int) -> tuple[Counted, ...]:
    """The sites that showed it in a frame most, with the last day."""
    shown = func.sum(EmbedCount.shown)
    rows = session.execute(
        select(EmbedCount.site, shown, func.max(EmbedCount.day))
        .where(EmbedCount.toolkit_id == toolkit_id)
        .group_by(EmbedCount.site)
        .order_by(shown.desc(), EmbedCount.site)
        .limit(MOST_SITES)
    )
    return tuple(Counted(site, int(count), last) for site, count, last in rows)


def takers(session: Session, toolkit_id: int) -> tuple[int, tuple[Counted, ...]]:
    """How many took it, and those whose links were followed most."""
    total = session.scalar(select(func.count(Taker.id)).where(Taker.toolkit_id == toolkit_id))
    visits = func.sum(TakerVisit.visits)
    rows = session.execute(
        select(Taker.name, Taker.email, visits, func.max(TakerVisit.day))
        .join(TakerVisit, TakerVisit.taker_id == Taker.id)
        .where(Taker.toolkit_id == toolkit_id)
        .group_by(Taker.id, Taker.name, Taker.email)
        .order_by(visits.desc(), Taker.id)
        .limit(MOST_TAKERS)
    )
    found = [Counted(name or email, int(count), last) for name, email, count, last in rows]
    return total or 0, tuple(found)


def _counting(toolkit_id: int) -> tuple[ColumnElement[bool], ...]:
    return Repost.toolkit_id == toolkit_id, Repost.withdrawn_at.is_(None)


def _groups(session: Session, toolkit_id: int) -> tuple[Group, ...]:
    best = func.min(_RANK)
    rows = session.execute(
        select(
            Repost.group_key,
            func.max(Repost.group_name),
            func.max(Repost.kind),
            func.count(),
            func.coalesce(func.sum(Repost.people), 0),
            best,
        )
        .where(*_counting(toolkit_id), Repost.group_key != "")
        .group_by(Repost.group_key)
        .order_by(best, func.count().desc(), Repost.group_key)
        .limit(MOST_GROUPS)
    )
    return tuple(
        Group(key, name, kind, reports, int(people or 0), _GRADE[rank])
        for key, name, kind, reports, people, rank in rows
    )


def _by_best(session: Session, toolkit_id: int) -> Mapping[str, int]:
    """How many groups gave a name, by the best grade that any of their reports has."""
    best = (
        select(func.min(_RANK).label("rank"))
        .where(*_counting(toolkit_id), Repost.group_key != "")
        .group_by(Repost.group_key)
        .subquery()
    )
    rows = session.execute(select(best.c.rank, func.count()).group_by(best.c.rank))
    return dict.fromkeys(GRADES, 0) | {_GRADE[rank]: count for rank, count in rows}


def _targets(
    session: Session, toolkit_id: int, best: Mapping[str, int], people: Mapping[str, int]
) -> tuple[Target, ...]:
    rows = session.execute(
        select(RepostTarget.what, RepostTarget.number).where(RepostTarget.toolkit_id == toolkit_id)
    )
    wanted = {row.what: row.number for row in rows}
    # What nobody stands for is not counted towards a target.
    reached = {
        "groups": best["seen"] + best["reported"],
        "people": people["seen"] + people["reported"],
    }
    seen = {"groups": best["seen"], "people": people["seen"]}
    return tuple(
        Target(what, wanted[what], reached[what], seen[what]) for what in TARGETS if what in wanted
    )
