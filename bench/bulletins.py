"""An issue of 20 items for 10,000 subscribers in 6 variants, beside a cascade of the same text.

Goal: the issue goes out at 0.9 of the speed of the cascade at least, from the release to the last
acceptance recorded. Several rounds, because machines drift: what counts is the median. Each round's
issue has 20 new items, and its readers have had all those before it.
"""

import re
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, time
from statistics import median

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bench import stage
from cascade.audience.records import Organisation, Segment
from cascade.audience.segments import FIRST
from cascade.bulletins import collecting, issues, making, submitting
from cascade.bulletins.making import Wanted
from cascade.bulletins.records import Bulletin
from cascade.bulletins.schedules import Schedule
from cascade.bulletins.submitting import House
from cascade.library.publish import find, publish
from cascade.library.records import ToolkitVersion
from cascade.sending.plan import Release, release
from cascade.sending.records import Variant
from cascade.sending.states import Tier

PEOPLE, ITEMS, VARIANTS, TIMES = 10_000, 20, 6, 5
_NEAR = "near-the-river"
_SEGMENTS = (*FIRST, _NEAR)
_HOUSE = House(sign_off=False, home="http://localhost")
_WHO = "bench"


def main() -> None:
    """Print both speeds on each engine, round for round, and the median of their ratios."""
    with stage.sink() as port:
        for name, installation in (
            ("SQLite, embedded", stage.embedded),
            ("PostgreSQL, Redis, 2 workers", stage.scaled_out),
        ):
            readers = f"{PEOPLE} readers, {VARIANTS} variants"
            _say(f"\n{name}: {ITEMS} items, {readers} (messages a second)")
            _measure(installation, port)


def _measure(
    installation: Callable[[int, int], AbstractContextManager[stage.Installation]], port: int
) -> None:
    with installation(port, PEOPLE) as running:
        with running.database.writing() as session:
            _near_the_river(session)
            _round_up(session)
        ratios = [_round(running, number) for number in range(TIMES)]
    _say(f"  median: {median(ratios):.2f} of the speed of a cascade")


def _round(running: stage.Installation, number: int) -> float:
    with running.database.writing() as session:
        text = _submitted(session, number)
        publish(session, _of_a_cascade(text, number), by=_WHO, now=datetime.now(UTC))
    # In turn, so that neither always goes first.
    kinds = (_send_issue, _send_cascade)
    speeds = {one: _speed(running, one, number) for one in kinds[:: -1 if number % 2 else 1]}
    issue, cascade = speeds[_send_issue], speeds[_send_cascade]
    _say(f"  issue {issue:6.0f}   cascade {cascade:6.0f}   ratio {issue / cascade:.2f}")
    return issue / cascade


def _speed(
    running: stage.Installation, send: Callable[[Session, int, datetime], int], number: int
) -> float:
    start = datetime.now(UTC)
    with running.database.writing() as session:
        cascade = send(session, number, start)
    stage.await_sent(running, cascade)
    _, last, accepted = stage.acceptances(running, cascade)
    with running.database.reading() as session:
        counted = select(func.count()).where(Variant.cascade_id == cascade)
        variants = session.scalar(counted)
    if (accepted, variants) != (PEOPLE, VARIANTS):
        raise RuntimeError(f"{accepted} messages in {variants} variants are another benchmark")
    return accepted / (last - start).total_seconds()


def _send_issue(session: Session, number: int, now: datetime) -> int:
    bulletin = making.find(session, "round-up")
    issue = issues.under_way(session, bulletin)
    assert issue is not None
    planned = submitting.send(session, bulletin, issue, by=_WHO, person=None, house=_HOUSE, now=now)
    assert planned.cascade is not None
    return planned.cascade


def _send_cascade(session: Session, number: int, now: datetime) -> int:
    toolkit = find(session, f"as-long-{number}")
    wanted = Release(toolkit=toolkit, segments=_SEGMENTS, tier=Tier.ROUTINE, by=_WHO)
    planned = release(session, wanted, now, sign_off=False)
    assert planned.cascade is not None
    return planned.cascade


def _near_the_river(session: Session) -> None:
    """A sixth audience: every second of the first kind, which so has two variants."""
    which = (Organisation.kind == FIRST[0]) & (Organisation.id % 2 == 0)
    session.execute(update(Organisation).where(which).values(place="Riverside"))
    session.add(Segment(name=_NEAR, title="Near the river", rule={"place": ["Riverside"]}))


def _round_up(session: Session) -> Bulletin:
    now = datetime.now(UTC)
    wanted = Wanted("round-up", "Round-up", _SEGMENTS, Schedule("weekly", time(10)))
    made = making.add(session, wanted, by=_WHO, now=now)
    # Its issues are opened here, not by the clock of the installation.
    making.set_stopped(session, made, stopped=True, by=_WHO, now=now)
    return made


def _submitted(session: Session, number: int) -> str:
    """Open the issue of a round with its items, submit it, and give its text."""
    now = datetime.now(UTC)
    bulletin = making.find(session, "round-up")
    issue = issues.open_next(session, bulletin, by=_WHO, now=now)
    for item in range(ITEMS):
        publish(session, _item(f"item-{number}-{item}", item), by=_WHO, now=now)
        collecting.take_in(session, bulletin, issue, f"item-{number}-{item}", sign_off=False)
    seen = issue.revision
    submitting.submit(
        session, bulletin, issue, seen=seen, by=_WHO, person=None, house=_HOUSE, now=now
    )
    return session.get_one(ToolkitVersion, issue.versions["en"]).text


def _item(name: str, number: int) -> str:
    """A toolkit with newsletter copy for everybody, and a part for one segment in turn."""
    sentence = "Wrap up warm, keep one room at 18 degrees, and ask your pharmacist early. "
    own = _SEGMENTS[number % len(_SEGMENTS)]
    return (
        f"---\ntitle: Cold weather, part {number + 1}\ntoolkit: {name}\nlanguage: en\n---\n"
        f"The whole toolkit.\n\n::: newsletter\n{sentence * 4}\n:::\n\n"
        f"::: newsletter for {own}\n**For {own}.** {sentence}\n:::\n"
    )


def _of_a_cascade(text: str, number: int) -> str:
    """The text of an issue as one toolkit: what says whose an item is goes, all else stays."""
    text = text.replace("toolkit: round-up", f"toolkit: as-long-{number}", 1)
    text = re.sub(r"^::: (?:above|contents) [^\n]*\n(.*?)\n:::$", r"\1", text, flags=re.M | re.S)
    text = re.sub(r"^::: item \S+\n(.*?)\n:::$", r"\1", text, flags=re.M | re.S)
    return re.sub(r"^::: item \S+ for ", "::: for ", text, flags=re.M)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
