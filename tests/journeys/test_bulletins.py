"""Six toolkits of two weeks become two fortnightly issues: each reader gets each item once."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy

from sqlalchemy import select

from cascade.audience.records import Contact
from cascade.bulletins import issues, submitting
from cascade.bulletins.records import Bulletin, Issue
from cascade.bulletins.schedules import Schedule
from cascade.bulletins.submitting import House
from cascade.database import Database
from cascade.sending.states import Lane
from cascade.sending.sweep import finish_sent, start_scheduled
from tests.cascade.bulletins.county import bulletin, toolkit
from tests.smtp_server import SmtpServer
from tests.world import LINKS, add_people, publish_toolkit, runtime
from workers.editions import Editions
from workers.sender import Sender

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUSE = House(sign_off=False, home=LINKS.base_url)
AUDIENCES = {
    "first": ("care-homes", "gp-practices"),
    "second": ("gp-practices", "pharmacies"),
    "third": ("care-homes", "gp-practices", "pharmacies"),
}
ITEMS = {
    # What is due on which day, and for which bulletins.
    "flu": (0, "[first, second, third]"),
    "heat": (2, "[first, third]"),
    "beds": (4, "[second]"),
    "hours": (8, "[first, second, third]"),
    "norovirus": (10, "[third]"),
    "training": (14, "[first, second]"),
}


def received(server: SmtpServer) -> Counter[tuple[str, str]]:
    """How often which reader got which item."""
    found: Counter[tuple[str, str]] = Counter()
    for one in server.accepted:
        mail = message_from_bytes(one.raw, policy=policy.default)
        part = mail.get_body(("plain",))
        assert part is not None
        said = part.get_content()
        found.update((one.recipient, name) for name in ITEMS if f"Summary of {name}." in said)
    return found


def test_each_reader_of_three_overlapping_bulletins_gets_each_item_once(
    database: Database,
) -> None:
    with database.writing() as session:
        publish_toolkit(session)
        for kind in ("care-homes", "gp-practices", "pharmacies"):
            add_people(session, 4, kind=kind)
        fortnightly = Schedule("fortnightly", time(10), start=date(2026, 12, 1))
        for days, (name, segments) in enumerate(AUDIENCES.items()):
            start = date(2026, 12, 1) + timedelta(days=days)
            bulletin(session, name, segments, schedule=replace(fortnightly, start=start))
    with SmtpServer() as server:
        for day in range(26):
            now = MONDAY + timedelta(days=day)
            with database.writing() as session:
                for name, (due, bulletins) in ITEMS.items():
                    if due == day:
                        toolkit(session, name, now=now, bulletins=bulletins)
            _a_day(database, server, now)
        with database.reading() as session:
            emails = {
                kind: {one for one in session.scalars(select(Contact.email)) if f"@{kind}." in one}
                for kind in ("care-homes", "gp-practices", "pharmacies")
            }
            states = Counter(session.scalars(select(Issue.state).where(Issue.number <= 2)))
    assert states == {"released": 6}
    expected = {
        (email, name)
        for name, (_, bulletins) in ITEMS.items()
        for which, segments in AUDIENCES.items()
        if which in bulletins
        for kind in segments
        for email in emails[kind]
    }
    got = received(server)
    assert set(got) == expected
    assert set(got.values()) == {1}


def _a_day(database: Database, server: SmtpServer, now: datetime) -> None:
    """The clock in the morning, the editors, and the clock at the time that issues go out."""
    Editions(database, "off", HOUSE.home).tend(now)
    with database.writing() as session:
        for issue in session.scalars(select(Issue).where(Issue.state == "closed")).all():
            of = session.get_one(Bulletin, issue.bulletin_id)
            if issues.entries(session, issue):
                submitting.submit(
                    session, of, issue, seen=issue.revision, by="Ann", person=None, house=HOUSE,
                    now=now,
                )  # fmt: skip
    at_ten = now.replace(hour=10, minute=1)
    Editions(database, "off", HOUSE.home).tend(at_ten)
    _send(database, server, at_ten)


def _send(database: Database, server: SmtpServer, now: datetime) -> None:
    with database.writing() as session:
        start_scheduled(session, now)
    works_with = replace(runtime(database, server.url), now=lambda: now)
    channel = works_with.open_channel()
    try:
        Sender(works_with, Lane.ROUTINE, channel).run()
    finally:
        channel.close()
    with database.writing() as session:
        finish_sent(session, now)
