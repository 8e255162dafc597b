"""What differs between SQLite and PostgreSQL: a report's whole way, on both."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from cascade.audience.records import Contact, Organisation, Segment
from cascade.database import Database
from cascade.library.publish import find
from cascade.links import Links
from cascade.reposts import checking, rolling_up, taking, using
from cascade.reposts.by_segment import Share
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
        wanted = Wanted(search="LUNCH", segment="care-homes", grade="seen", toolkit="cold-snap")
        assert listing(session, wanted, page=1, size=5).page.total == len(
            list(every(session, wanted))
        )
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


def test_looks_that_outlive_their_lease_come_to_an_end(database: Database, now: datetime) -> None:
    fill(database, now)

    def report(link: str) -> None:
        with database.writing() as session:
            toolkit = find(session, "cold-snap")
            told = using.checked(given(link=link), toolkit.created_at, now)
            using.keep(session, toolkit.id, told, now=now)

    report("https://slow.example.org/")
    held = []
    for _ in range(3):
        with database.writing() as session:
            held.append(checking.claim(session, now))
        now += checking.LEASE
        if len(held) > 1 and held[-2] is not None:
            with database.writing() as session:
                # Somebody else has it in hand by now, so this doesn't count.
                checking.record(session, held[-2], Finding("not-found", "nothing"), now)
    report("https://quick.example.org/")
    with database.writing() as session:
        held.append(checking.claim(session, now))
    assert [one and (one.repost, one.attempts) for one in held] == [(1, 1), (1, 2), (1, 3), (2, 1)]
    with database.reading() as session:
        check = session.get_one(LinkCheck, 1)
        assert (check.state, check.attempts, check.done_at) == ("unreachable", 3, now)
        assert check.found == "no look at the page came to its end"
        assert using.get(session, 1).grade == "reported"
        assert not checking.is_due(session, now + checking.LEASE - timedelta(seconds=1))


def test_an_organisation_counts_in_each_of_its_segments_and_once_in_their_sum(
    database: Database, now: datetime
) -> None:
    fill(database, now)
    rules = {"westbury": {"place": ["Westbury"]}, "managers": {"role": ["manager"]}}
    with database.writing() as session:
        for name, rule in rules.items():
            session.add(Segment(name=name, title=name.title(), rule=rule))
        homes = session.scalars(select(Organisation).order_by(Organisation.id)).all()
        for number, one in enumerate(homes):
            one.place = "Westbury" if number < 2 else "Easton"
        contacts = session.scalars(select(Contact).order_by(Contact.id)).all()
        for contact in contacts:
            contact.role = "Manager" if contact.organisation_id == homes[0].id else "Cook"
        toolkit = find(session, "cold-snap")
        for home in (homes[0], homes[0], homes[2], homes[4]):
            report = using.checked(given(group=home.name, people="10"), toolkit.created_at, now)
            using.keep(session, toolkit.id, report, now=now)
        report = using.checked(given(group="Lunch Club"), toolkit.created_at, now)
        using.keep(session, toolkit.id, report, now=now)
        homes[4].closed_at = now
    with database.reading() as session:
        found = rolling_up.summary(session, toolkit.id).segments
        assert found.shares == (
            Share("Care homes", 2, 0, 30, 4),
            Share("Westbury", 1, 0, 20, 2),
            Share("Managers", 1, 0, 20, 1),
        )
        assert found.together == Share("", 2, 0, 30, 4)
        asked = {
            name: listing(session, Wanted(segment=name), page=1, size=9).page.total
            for name in ("care-homes", "westbury", "managers", "universities")
        }
        assert asked == {"care-homes": 3, "westbury": 2, "managers": 2, "universities": 0}


def test_a_search_looks_at_so_many_reports_and_says_where_it_goes_on(
    database: Database, now: datetime
) -> None:
    fill(database, now)
    with database.writing() as session:
        toolkit = find(session, "cold-snap")
        for number in range(9):
            words = "in the window" if number % 4 == 0 else "on the wall"
            report = using.checked(given(words=words), toolkit.created_at, now)
            using.keep(session, toolkit.id, report, now=now)
    asked: list[tuple[list[int], int | None]] = []
    before: int | None = 0
    with database.reading() as session:
        while before is not None:
            wanted = Wanted(search="window", before=before)
            found = listing(session, wanted, page=1, size=5, searched=4)
            before = found.older
            asked.append(([line.repost.id for line in found.page.lines], before))
        assert len(list(every(session, Wanted(search="window")))) == 3
    assert asked == [([9], 6), ([5], 2), ([1], None)]
