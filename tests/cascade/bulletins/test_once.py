"""Each reader gets each item once, whichever bulletins bring it."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select, update

from cascade.audience.records import Contact
from cascade.bulletins import submitting
from cascade.bulletins.schedules import Schedule
from cascade.database import Database
from cascade.errors import Refused
from cascade.sending import sample
from cascade.sending.records import Cascade, Delivery
from tests.cascade.bulletins.county import (
    HOUSE,
    MONDAY,
    bulletin,
    omitted,
    released,
    submitted,
    toolkit,
)
from tests.world import IDENTITY, add_people, publish_toolkit

WEEKLY = Schedule("weekly", time(10), weekday=2)


def test_what_somebody_had_in_one_bulletin_is_left_out_of_the_other(database: Database) -> None:
    with database.writing() as session:
        publish_toolkit(session)
        for kind in ("care-homes", "gp-practices", "pharmacies"):
            add_people(session, 2, kind=kind)
        first = bulletin(session, "first", ("care-homes", "gp-practices"))
        second = bulletin(session, "second", ("gp-practices", "pharmacies"), schedule=WEEKLY)
        toolkit(session, "shared", bulletins="[first, second]")
        toolkit(session, "other", bulletins="second")
        _, one = released(session, first)
        _, two = released(session, second)
        assert omitted(session, one.cascade) == {("care-homes", ""): 2, ("gp-practices", ""): 2}
        assert omitted(session, two.cascade) == {
            ("gp-practices", "shared"): 2,
            ("pharmacies", ""): 2,
        }


def test_who_would_get_nothing_new_gets_nothing(database: Database) -> None:
    with database.writing() as session:
        publish_toolkit(session)
        add_people(session, 3)
        add_people(session, 2, kind="pharmacies")
        first = bulletin(session, "first", ("care-homes",))
        second = bulletin(session, "second", ("care-homes", "pharmacies"))
        toolkit(session, "shared", bulletins="[first, second]")
        released(session, first)
        _, planned = released(session, second)
        assert planned.recipients == planned.deliveries == 2
        assert planned.suppressed == [{"reason": "nothing-new", "count": 3}]
        assert omitted(session, planned.cascade) == {("pharmacies", ""): 2}


def test_an_issue_with_nothing_new_for_anybody_is_refused(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        add_people(session, 3)
        first, second = (bulletin(session, name, ("care-homes",)) for name in ("one", "two"))
        toolkit(session, "shared", bulletins="[one, two]")
        released(session, first)
        with pytest.raises(Refused, match="nothing new for any of 3 readers"):
            released(session, second)


def test_what_came_back_or_was_withdrawn_comes_again(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        add_people(session, 3)
        first, second = (bulletin(session, name, ("care-homes",)) for name in ("one", "two"))
        toolkit(session, "shared", bulletins="[one, two]")
        _, one = released(session, first)
        some = select(func.min(Delivery.id)).where(Delivery.cascade_id == one.cascade)
        session.execute(
            update(Delivery).where(Delivery.id == some.scalar_subquery()).values(state="bounced")
        )
        _, planned = released(session, second)
        assert planned.recipients == 1


def test_what_was_for_another_segment_was_not_seen(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        add_people(session, 2)
        add_people(session, 2, kind="pharmacies")
        both = ("care-homes", "pharmacies")
        first, second = (bulletin(session, name, both) for name in ("one", "two"))
        toolkit(session, "homes", bulletins="[one, two]", segments="care-homes")
        toolkit(session, "everybody", bulletins="one")
        toolkit(session, "later", bulletins="two")
        released(session, first)
        _, planned = released(session, second)
        assert omitted(session, planned.cascade) == {
            ("care-homes", "homes"): 2,
            ("pharmacies", ""): 2,
        }


def test_a_reader_in_two_places_is_one_reader(database: Database) -> None:
    with database.writing() as session:
        publish_toolkit(session)
        add_people(session, 1)
        add_people(session, 1, kind="pharmacies")
        session.execute(update(Delivery).values(address="x"))
        from cascade.audience.records import Contact

        session.execute(update(Contact).values(email="Shared@Example.org".lower()))
        first = bulletin(session, "first", ("care-homes",))
        second = bulletin(session, "second", ("pharmacies",))
        toolkit(session, "shared", bulletins="[first, second]")
        toolkit(session, "other", bulletins="second")
        released(session, first)
        _, planned = released(session, second)
        assert omitted(session, planned.cascade) == {("pharmacies", "shared"): 1}


def test_a_toolkit_that_went_out_as_a_cascade_is_no_item(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        add_people(session, 2)
        toolkit(session, "shared")
        from tests.world import send

        send(session, MONDAY, toolkit="shared")
        _, planned = released(session, bulletin(session))
        assert planned.recipients == 2


def test_an_issue_goes_out_once(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        add_people(session, 2)
        toolkit(session, "shared")
        of = bulletin(session)
        issue = submitted(session, of)
        for _ in range(2):
            try:
                submitting.send(session, of, issue, by="Ann", person=None, house=HOUSE, now=MONDAY)
            except Refused as error:
                refused = str(error)
        assert "is released" in refused
        assert session.scalar(select(func.count()).select_from(Cascade)) == 1


def test_an_issue_goes_out_with_its_own_text_whatever_came_later(
    sqlite_database: Database,
) -> None:
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        add_people(session, 2)
        toolkit(session, "shared")
        of = bulletin(session, schedule=Schedule("weekly", time(10), start=date(2026, 11, 1)))
        issue, planned = released(session, of)
        toolkit(session, "later", now=MONDAY + timedelta(days=3))
        _, second = released(session, of, now=MONDAY + timedelta(days=3))
        found = session.get_one(Cascade, planned.cascade)
        assert found.version_id == issue.versions["en"]
        assert session.get_one(Cascade, second.cascade).version_id > found.version_id
        assert found.lane == "routine"


def test_what_one_reader_would_get_is_looked_up_by_their_mailbox_alone(
    database: Database,
) -> None:
    with database.writing() as session:
        publish_toolkit(session)
        add_people(session, 2, kind="care-homes")
        add_people(session, 1, kind="gp-practices")
        # The practice reads the mailbox of the first home.
        one, three = (session.get_one(Contact, number) for number in (1, 3))
        three.email = one.email
        first = bulletin(session, "first", ("gp-practices",))
        second = bulletin(session, "second", ("care-homes",), schedule=WEEKLY)
        toolkit(session, "shared", bulletins="[first, second]")
        toolkit(session, "other", bulletins="second")
        released(session, first)
        issue = submitted(session, second)
        wanted = submitting.wanted_of(session, second, issue, by="Ann", person=None)
        had, new = (sample.reader(session, wanted, number, MONDAY) for number in (1, 2))
        assert (had.recipient.omits, new.recipient.omits) == ({"shared"}, set())
        mails = [sample.message(to, IDENTITY, HOUSE.home, MONDAY) for to in (had, new)]
        assert ["Summary of shared" in one.text for one in mails] == [False, True]
        assert all("Summary of other" in one.html for one in mails)
        planned = submitting.send(
            session, second, issue, by="Ann", person=None, house=HOUSE, now=MONDAY
        )
        assert omitted(session, planned.cascade) == {
            ("care-homes", "shared"): 1,
            ("care-homes", ""): 1,
        }
