"""Releasing where sign-off is in force: approved texts only, and urgent ones by two people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select, update

from cascade.accounts import second_step, users
from cascade.accounts.users import Person
from cascade.audience.records import Contact
from cascade.database import Database
from cascade.errors import Refused
from cascade.letters.records import Letter
from cascade.library.publish import find, publish
from cascade.sending import control, sweep, telling
from cascade.sending.countersigning import countersign, end_uncountersigned
from cascade.sending.plan import COUNTERSIGN_WITHIN, Release, release
from cascade.sending.planned import Planned
from cascade.sending.records import Cascade, CascadeEvent, Delivery
from cascade.sending.states import Tier
from cascade.sign_off import signing
from tests import world
from tests.at_once import together

HOME = "https://cascade.example.org"


@dataclass(frozen=True, slots=True)
class Cell:
    """An approved toolkit, three care homes, and people of every kind."""

    database: Database
    now: datetime
    author: Person
    approver: Person
    first: Person
    second: Person
    version: int

    def release(
        self,
        tier: Tier = Tier.URGENT,
        by: Person | None = None,
        send_at: datetime | None = None,
        segments: Sequence[str] = ("care-homes",),
    ) -> Planned:
        person = by or self.first
        with self.database.writing() as session:
            wanted = Release(
                find(session, "cold-snap"), segments, tier, person.email, person, send_at=send_at
            )
            return release(session, wanted, self.now, sign_off=True)

    def countersign(self, cascade: int | None, by: Person, after: timedelta = timedelta(0)) -> None:
        assert cascade is not None
        with self.database.writing() as session:
            countersign(session, cascade, by=by, now=self.now + after)

    def cascade(self, number: int | None) -> Cascade:
        assert number is not None
        with self.database.reading() as session:
            return control.find(session, number)

    def add(self, name: str, *roles: str, with_second_step: bool = True) -> Person:
        with self.database.writing() as session:
            email = f"{name.lower()}@example.org"
            person = users.add(session, email=email, name=name, roles=roles, now=self.now)
            if with_second_step:
                secret = second_step.new_secret()
                code = pyotp.TOTP(secret).at(self.now)
                second_step.turn_on(session, person.id, secret, code, self.now)
            return users.get(session, person.id)


@pytest.fixture
def cell(database: Database, now: datetime) -> Cell:
    """Everything is approved, for use in the ordinary way."""
    with database.writing() as session:
        world.add_people(session, 3)
        world.publish_toolkit(session, now=now)
        version = publish(session, world.TOOLKIT, by="Ann", now=now).id
        author, approver = (
            users.add(session, email=f"{role}@example.org", name=role, roles=[role], now=now)
            for role in ("author", "approver")
        )
        signing.submit(session, version, by=author, now=now)
        signing.approve(session, version, by=approver, now=now)
    bare = Cell(database, now, author, approver, author, author, version)
    first, second = (bare.add(name, "releaser") for name in ("Fay", "Gus"))
    return Cell(database, now, author, approver, first, second, version)


def test_what_is_urgent_waits_for_a_second_person_and_then_goes(cell: Cell) -> None:
    planned = cell.release()

    assert planned.awaits_until == cell.now + COUNTERSIGN_WITHIN
    assert cell.cascade(planned.cascade).state == "awaiting"
    with cell.database.writing() as session:
        assert not sweep.due_lanes(session, cell.now)
    cell.countersign(planned.cascade, cell.second)

    done = cell.cascade(planned.cascade)
    assert (done.state, done.released_by, done.countersigned_by) == (
        "sending",
        "fay@example.org",
        "gus@example.org",
    )
    with cell.database.writing() as session:
        assert sweep.due_lanes(session, cell.now) == {"urgent"}


@pytest.mark.parametrize("tier", [Tier.IMPORTANT, Tier.ROUTINE])
def test_what_is_not_urgent_needs_one_person(cell: Cell, tier: Tier) -> None:
    planned = cell.release(tier)

    assert planned.awaits_until is None
    assert cell.cascade(planned.cascade).state == "sending"


def test_an_approval_for_immediate_use_needs_one_person(cell: Cell) -> None:
    with cell.database.writing() as session:
        signing.give_back(session, cell.version, by=cell.approver, now=cell.now, note="For now.")
        signing.submit(session, cell.version, by=cell.author, now=cell.now)
        signing.approve(session, cell.version, by=cell.approver, now=cell.now, immediate_use=True)
    assert cell.cascade(cell.release(Tier.IMMEDIATE).cascade).state == "sending"


def test_the_time_to_confirm_begins_when_it_goes(cell: Cell) -> None:
    planned = cell.release(Tier.IMMEDIATE)
    cell.countersign(planned.cascade, cell.second, after=timedelta(minutes=20))

    done = cell.cascade(planned.cascade)
    assert done.send_at == cell.now + timedelta(minutes=20)
    assert done.deadline_at == cell.now + timedelta(minutes=80)


def test_what_is_scheduled_keeps_its_time(cell: Cell) -> None:
    later = cell.now + timedelta(hours=2)
    planned = cell.release(Tier.IMMEDIATE, send_at=later)
    cell.countersign(planned.cascade, cell.second)

    done = cell.cascade(planned.cascade)
    assert (done.state, done.send_at) == ("scheduled", later)


def test_nobody_is_their_own_second_person(cell: Cell) -> None:
    planned = cell.release()
    with pytest.raises(Refused, match="You released this yourself"):
        cell.countersign(planned.cascade, cell.first)
    assert cell.cascade(planned.cascade).state == "awaiting"


def test_who_may_not_release_neither_releases_nor_countersigns(cell: Cell) -> None:
    planned = cell.release()
    for who in (cell.author, cell.approver, cell.add("Hal", "administrator")):
        with pytest.raises(Refused, match="is not a releaser"):
            cell.countersign(planned.cascade, who)
        with pytest.raises(Refused, match="is not a releaser"):
            cell.release(Tier.ROUTINE, by=who)


def test_a_releaser_without_a_second_step_is_told_what_to_do(cell: Cell) -> None:
    with pytest.raises(Refused, match="Ida needs a second step at sign-in"):
        cell.release(by=cell.add("Ida", "releaser", with_second_step=False))


def test_a_release_without_an_account_is_refused(cell: Cell) -> None:
    with cell.database.writing() as session:
        wanted = Release(find(session, "cold-snap"), ("care-homes",), Tier.ROUTINE, "root")
        with pytest.raises(Refused, match="say who releases this"):
            release(session, wanted, cell.now, sign_off=True)


@pytest.mark.parametrize("late", [COUNTERSIGN_WITHIN, COUNTERSIGN_WITHIN * 2])
def test_it_is_too_late_when_the_time_is_over(cell: Cell, late: timedelta) -> None:
    planned = cell.release()
    with pytest.raises(Refused, match="too late"):
        cell.countersign(planned.cascade, cell.second, after=late)
    with cell.database.writing() as session:
        assert end_uncountersigned(session, cell.now + late, HOME) == 1
        assert sweep.settle_ended(session, cell.now + late)

    assert cell.cascade(planned.cascade).state == "withdrawn"
    with cell.database.reading() as session:
        assert set(session.scalars(select(Delivery.state))) == {"withdrawn"}
        event = session.scalars(select(CascadeEvent).order_by(CascadeEvent.id.desc())).first()
    assert event is not None
    assert event.detail == "Nobody countersigned it in time."


def test_who_released_gets_a_letter_when_nobody_countersigned(cell: Cell) -> None:
    planned = cell.release()
    with cell.database.writing() as session:
        end_uncountersigned(session, cell.now + COUNTERSIGN_WITHIN, HOME)
    with cell.database.reading() as session:
        (letter,) = session.scalars(select(Letter))

    assert letter.to == "fay@example.org"
    assert "“Cold snap” (urgent) has not gone out: nobody countersigned it by" in letter.text
    assert f"{HOME}/cascades/{planned.cascade}" in letter.text


def test_who_has_no_account_any_more_gets_no_letter(cell: Cell) -> None:
    cell.release()
    with cell.database.writing() as session:
        users.close(session, cell.first.id, cell.now)
        end_uncountersigned(session, cell.now + COUNTERSIGN_WITHIN, HOME)
        assert session.scalar(select(Letter.id)) is None


def test_what_is_still_in_time_is_left_alone(cell: Cell) -> None:
    planned = cell.release()
    with cell.database.writing() as session:
        just_before = cell.now + COUNTERSIGN_WITHIN - timedelta(seconds=1)
        assert end_uncountersigned(session, just_before, HOME) == 0
    assert cell.cascade(planned.cascade).state == "awaiting"


def test_a_withdrawn_release_is_not_countersigned(cell: Cell) -> None:
    planned = cell.release()
    with cell.database.writing() as session:
        control.withdraw(session, planned.cascade or 0, by=cell.first.email, now=cell.now)
    with pytest.raises(Refused, match="is withdrawn"):
        cell.countersign(planned.cascade, cell.second)


def test_a_text_whose_approval_was_taken_back_is_not_countersigned(cell: Cell) -> None:
    planned = cell.release()
    with cell.database.writing() as session:
        signing.give_back(session, cell.version, by=cell.approver, now=cell.now, note="Wait.")

    with pytest.raises(Refused, match="was returned: its author mends it"):
        cell.countersign(planned.cascade, cell.second)
    assert cell.cascade(planned.cascade).state == "awaiting"


def test_another_language_that_goes_out_must_still_be_approved_too(cell: Cell) -> None:
    welsh = world.TOOLKIT.replace("title:", "language: cy\ntitle:")
    with cell.database.writing() as session:
        version = publish(session, welsh, by=cell.author.email, now=cell.now).id
        signing.submit(session, version, by=cell.author, now=cell.now)
        signing.approve(session, version, by=cell.approver, now=cell.now)
        session.execute(update(Contact).where(Contact.id == 1).values(language="cy"))
    planned = cell.release()
    with cell.database.writing() as session:
        signing.give_back(session, version, by=cell.approver, now=cell.now, note="Wait.")

    with pytest.raises(Refused, match=r"\(cy\) of “Cold snap” was returned"):
        cell.countersign(planned.cascade, cell.second)


@pytest.mark.parametrize("act", [control.pause, control.resume])
def test_pausing_is_no_way_round_the_second_person(cell: Cell, act: object) -> None:
    planned = cell.release()
    with cell.database.writing() as session, pytest.raises(Refused, match="is awaiting"):
        act(session, planned.cascade, by="x", now=cell.now)  # type: ignore[operator]


def test_of_two_who_countersign_at_once_one_does(cell: Cell) -> None:
    planned = cell.release()
    third = cell.add("Kit", "releaser")

    def act(by: Person) -> str:
        try:
            cell.countersign(planned.cascade, by)
        except Refused as refused:
            return str(refused)
        return by.email

    told = together(lambda: act(cell.second), lambda: act(third))

    done = cell.cascade(planned.cascade).countersigned_by
    assert sorted(told) == sorted([done, f"{done} has countersigned this already."])


def test_only_what_goes_out_must_be_approved(cell: Cell) -> None:
    with cell.database.writing() as session:
        welsh = world.TOOLKIT.replace("title:", "language: cy\ntitle:")
        publish(session, welsh, by="Ann", now=cell.now)

    assert cell.release(Tier.ROUTINE).deliveries == 3


def test_a_change_after_the_approval_stops_the_release(cell: Cell) -> None:
    with cell.database.writing() as session:
        publish(session, world.TOOLKIT.replace("twice", "thrice"), by="Ann", now=cell.now)

    with pytest.raises(Refused, match=r"Version 2 \(en\) of “Cold snap” has not been submitted"):
        cell.release()
    with cell.database.reading() as session:
        assert session.scalar(select(Cascade.id)) is None


def test_every_other_releaser_gets_a_letter(cell: Cell) -> None:
    planned = cell.release()
    with cell.database.writing() as session:
        telling.tell(session, planned.cascade or 0, "https://cascade.example.org", cell.now)
    with cell.database.reading() as session:
        (letter,) = session.scalars(select(Letter))
    assert letter.to == "gus@example.org"
    assert "fay@example.org has released “Cold snap” (urgent) to 3 people" in letter.text
    assert f"https://cascade.example.org/cascades/{planned.cascade}/countersign" in letter.text


def test_nobody_is_written_to_about_what_needs_no_second_person(cell: Cell) -> None:
    planned = cell.release(Tier.ROUTINE)
    with cell.database.writing() as session:
        telling.tell(session, planned.cascade or 0, "https://cascade.example.org", cell.now)
        assert session.scalar(select(Letter.id)) is None
