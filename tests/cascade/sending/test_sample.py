"""What one recipient of a release would get: shown as it is sent, and of nobody else."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from cascade.audience.records import Contact, Organisation, Suppression
from cascade.database import Database
from cascade.errors import NotFound
from cascade.library.publish import find, publish
from cascade.links import Links
from cascade.sending.compositor import Compositor
from cascade.sending.plan import Release, release
from cascade.sending.records import Delivery
from cascade.sending.reference import reference
from cascade.sending.resolve import EVERY_TIER, named, recipient, resolve
from cascade.sending.sample import NO_DELIVERY, Message, message, reader
from cascade.sending.states import Tier
from tests import world
from tests.cascade.sending.mail import html, read, text

BOTH = ("care-homes", "gp-practices")
EXAMPLE = Links("an example", world.LINKS.base_url)
URDU = """---
title: سردی کی لہر
toolkit: cold-snap
language: ur
---
{{ contact }}، {{ place }} میں سردی ہے: {{ organisation }}۔
"""


def fill(database: Database, now: datetime) -> None:
    """Three homes and two practices; the first home and the first practice share a mailbox, the
    second home reads Urdu, and somebody has a name that needs care."""
    with database.writing() as session:
        world.add_people(session, 3, now=now)
        world.add_people(session, 2, kind="gp-practices", now=now)
        world.publish_toolkit(session, now=now)
        publish(session, URDU, by="Ann", now=now)
        one, two, three, four = (session.get_one(Contact, number) for number in (1, 2, 3, 4))
        four.email = one.email
        two.language = "ur"
        three.name, three.role = 'Zoë "Z" <b>O’Hara</b>\r\nBcc: x@example.org', ""
        session.get_one(Organisation, 3).name = "Elm & Ash <i>House</i>"


@pytest.fixture
def county(sqlite_database: Database, now: datetime) -> Database:
    fill(sqlite_database, now)
    return sqlite_database


@pytest.fixture
def either(database: Database, now: datetime) -> Database:
    """The same on both engines."""
    fill(database, now)
    return database


def shown(
    database: Database, contact: int, now: datetime, tier: Tier, *, exercise: bool = False
) -> Message:
    with database.reading() as session:
        wanted = Release(find(session, "cold-snap"), BOTH, tier, "Ann", exercise=exercise)
        return message(reader(session, wanted, contact, now), world.IDENTITY, EXAMPLE.base_url, now)


def sent(
    database: Database, contact: int, now: datetime, tier: Tier, *, exercise: bool = False
) -> Message:
    """What a release really sends them, with its signed links and its reference as examples."""
    with database.writing() as session:
        wanted = Release(find(session, "cold-snap"), BOTH, tier, "Ann", exercise=exercise)
        release(session, wanted, now, sign_off=False)
        one = session.scalars(select(Delivery).where(Delivery.contact_id == contact)).one()
        variant = Compositor(world.LINKS, world.IDENTITY).variant(session, one.variant_id)
        made = read(variant.outgoing(one.id, one.address, one.slots, now=now).body)

        def as_example(said: str) -> str:
            for link in (Links.confirm, Links.unsubscribe, reference):
                said = said.replace(link(world.LINKS, one.id), link(EXAMPLE, NO_DELIVERY))
            return said

        return Message(made["Subject"], as_example(html(made)), as_example(text(made)))


@pytest.mark.parametrize("tier", [Tier.URGENT, Tier.ROUTINE])
@pytest.mark.parametrize("contact", [1, 2, 3, 5])
def test_what_is_shown_is_what_is_sent(
    county: Database, now: datetime, contact: int, tier: Tier
) -> None:
    now += timedelta(seconds=59, microseconds=999_999)
    before = shown(county, contact, now, tier)

    assert before == sent(county, contact, now, tier)


def test_an_exercise_says_so(county: Database, now: datetime) -> None:
    before = shown(county, 1, now, Tier.URGENT, exercise=True)

    assert before == sent(county, 1, now, Tier.URGENT, exercise=True)
    assert before.subject.startswith("[EXERCISE")


def test_it_has_everything_that_is_theirs(county: Database, now: datetime) -> None:
    shared, urdu, odd = (shown(county, one, now, Tier.URGENT) for one in (1, 2, 3))

    assert "For: Care-Homes 0 and Gp-Practices 0" in shared.text
    assert "Check on residents twice a day." in shared.text
    assert "Hot clinics are open." in shared.text
    assert "our list of GP practices and care homes" in shared.text
    assert "Pat 2، Ambleby میں" in urdu.text
    assert 'dir="rtl"' in urdu.html
    assert "Elm &amp; Ash &lt;i&gt;House&lt;/i&gt;" in odd.html
    assert "<i>" not in odd.html


def test_a_time_to_send_moves_the_deadline(county: Database, now: datetime) -> None:
    with county.reading() as session:
        toolkit = find(session, "cold-snap")
        later, at_once = (
            reader(session, Release(toolkit, BOTH, Tier.IMMEDIATE, "Ann", send_at=at), 1, now)
            for at in (now + timedelta(days=2), None)
        )

    assert at_once.facts.deadline_at == now + timedelta(hours=1)
    assert later.facts.deadline_at == now + timedelta(days=2, hours=1)


def test_its_links_open_nothing(county: Database, now: datetime) -> None:
    made = shown(county, 1, now, Tier.URGENT)
    token = EXAMPLE.token("confirm", NO_DELIVERY)

    assert f"{EXAMPLE.base_url}/c/{token}" in made.text
    assert world.LINKS.read("confirm", token) is None


def test_exactly_those_whom_a_release_reaches_are_found_as_it_finds_them(
    either: Database, now: datetime
) -> None:
    with either.writing() as session:
        closed, deputy, mute, gone = (
            Contact(organisation_id=1, key=f"k{one}", email=f"{one}@x.example.org", updated_at=now)
            for one in range(4)
        )
        closed.closed_at, deputy.deputy, mute.email = now, 1, None
        session.add_all([closed, deputy, mute, gone])
        session.add(Suppression(email=gone.email, reason="bounced", created_at=now))
        session.get_one(Organisation, 5).closed_at = now
    with either.reading() as session:
        segments = named(session, BOTH)
        reached = {
            one.contact_id: one for one in resolve(session, segments, holding=EVERY_TIER).recipients
        }
        for contact in (*session.scalars(select(Contact.id)), 99):
            found = recipient(session, segments, contact, holding=EVERY_TIER)
            assert found == reached.get(contact)
    assert set(reached) == {1, 2, 3}


@pytest.mark.parametrize(("tier", "is_reached"), [(Tier.URGENT, True), (Tier.ROUTINE, False)])
def test_who_unsubscribed_is_reached_by_what_is_urgent(
    county: Database, now: datetime, tier: Tier, is_reached: bool
) -> None:
    with county.writing() as session:
        address = session.get_one(Contact, 3).email
        session.add(Suppression(email=address, reason="unsubscribed", created_at=now))
    if is_reached:
        assert shown(county, 3, now, tier).text
    else:
        with pytest.raises(NotFound):
            shown(county, 3, now, tier)


def test_nobody_is_shown_a_message_that_says_nothing(county: Database, now: datetime) -> None:
    with county.writing() as session:
        only = "---\ntitle: T\ntoolkit: cold-snap\n---\n::: for gp-practices\nBody\n:::\n"
        publish(session, only, by="Ann", now=now)

    assert "Body" in shown(county, 5, now, Tier.URGENT).text
    with pytest.raises(NotFound, match="nothing to say to contact 3"):
        shown(county, 3, now, Tier.URGENT)
