"""What differs between SQLite and PostgreSQL: a report's whole way, on both."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from cascade.database import Database
from cascade.library.publish import find
from cascade.links import Links
from cascade.reposts import checking, rolling_up, taking, using
from cascade.reposts.checking import Finding
from cascade.reposts.counting import Gathering, write
from cascade.reposts.following_up import FollowUp
from cascade.reposts.listing import Wanted, every, listing
from cascade.reposts.records import LinkCheck, TakerVisit
from tests import world
from tests.cascade.reposts.conftest import fill, given

LINKS: Links = world.LINKS


def test_a_report_goes_all_its_way(database: Database, now: datetime) -> None:
    fill(database, now)
    with database.writing() as session:
        toolkit = find(session, "cold-snap")
        asked = taking.Asked("pat1@care-homes.example.org", "")
        taking.take(
            session,
            toolkit.id,
            "Cold snap",
            asked,
            links=LINKS,
            cell="The cell",
            follow_up=timedelta(days=14),
            now=now,
        )
        for _ in range(2):
            counts = Gathering()
            counts.follow(1, now.date())
            counts.show(toolkit.id, now.date(), "club.example.org")
            write(session, counts.take())
        since = toolkit.created_at
        report = using.checked(
            given(email=asked.email, link="https://club.example.org/"), since, now
        )
        kept = using.keep(session, toolkit.id, report, now=now, taker=1)
        assert kept.kind == "care-homes"
    with database.writing() as session:
        assert checking.is_due(session, now)
        claimed = checking.claim(session, now)
        assert claimed is not None
        assert checking.claim(session, now) is None
        checking.record(session, claimed, Finding("seen", "1 of 1 key messages"), now)
        assert FollowUp(LINKS, world.IDENTITY)(session, now + timedelta(days=20)) == 0
        rolling_up.set_target(session, toolkit.id, "groups", "2")
    with database.reading() as session:
        found = rolling_up.summary(session, toolkit.id)
        assert [(one.reached, one.wanted, one.seen) for one in found.targets] == [(1, 2, 1)]
        assert [one.count for one in rolling_up.sites(session, toolkit.id)] == [2]
        assert rolling_up.takers(session, toolkit.id)[1][0].count == 2
        wanted = Wanted(search="LUNCH", kind="care-homes", grade="seen", toolkit="cold-snap")
        assert listing(session, wanted, page=1, size=5).total == len(list(every(session, wanted)))
        assert session.scalar(select(func.sum(TakerVisit.visits))) == 2


def test_a_link_that_fails_is_tried_three_times_ever_later(
    database: Database, now: datetime
) -> None:
    fill(database, now)
    with database.writing() as session:
        toolkit = find(session, "cold-snap")
        report = using.checked(given(link="https://club.example.org/"), toolkit.created_at, now)
        number = using.keep(session, toolkit.id, report, now=now).id
    failing = Finding("unreachable", "the site does not answer", again=True)
    pauses = []
    for _ in range(3):
        with database.writing() as session:
            claimed = checking.claim(session, now)
            assert claimed is not None
            checking.record(session, claimed, failing, now)
            due = session.scalars(select(LinkCheck.due_at)).one()
            pauses.append(due - now)
            now = due
    with database.reading() as session:
        check = session.scalars(select(LinkCheck)).one()
        assert (check.state, check.attempts) == ("unreachable", 3)
        assert using.get(session, number).grade == "unverified"
        assert not checking.is_due(session, now + timedelta(days=9))
    assert pauses[:2] == [timedelta(minutes=5), timedelta(minutes=30)]


def test_a_look_whose_worker_died_is_taken_up_by_another(database: Database, now: datetime) -> None:
    fill(database, now)
    with database.writing() as session:
        toolkit = find(session, "cold-snap")
        report = using.checked(given(link="https://club.example.org/"), toolkit.created_at, now)
        using.keep(session, toolkit.id, report, now=now)
    with database.writing() as session:
        dead = checking.claim(session, now)
        assert checking.claim(session, now + checking.LEASE - timedelta(seconds=1)) is None
        second = checking.claim(session, now + checking.LEASE)
        assert dead is not None
        assert second is not None
        checking.record(session, dead, Finding("seen", "late"), now)
        assert checking.is_due(session, now + checking.LEASE * 2)
        checking.record(session, second, Finding("not-found", "nothing"), now)
        assert session.scalars(select(LinkCheck.state)).one() == "not-found"
