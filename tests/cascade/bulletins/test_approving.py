"""Who put an issue together doesn't approve it, whoever submitted it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from cascade.accounts import users
from cascade.accounts.users import Person
from cascade.bulletins import arranging, issues, making, submitting
from cascade.bulletins.making import Wanted
from cascade.bulletins.records import Bulletin, Issue
from cascade.bulletins.submitting import House
from cascade.database import Database
from cascade.errors import Overtaken, Refused
from cascade.sign_off import signing
from cascade.sign_off.approvers import to_decide, who_may
from cascade.sign_off.standing import version
from tests.cascade.bulletins.county import (
    FORTNIGHTLY,
    HOUSE,
    MONDAY,
    bulletin,
    opened,
    toolkit,
)
from tests.world import add_people, publish_toolkit

SIGNED = House(sign_off=True, home=HOUSE.home)
PEOPLE = {"ann": ["author"], "bo": ["author", "approver"], "cy": ["approver"]}


def cell(session: Session) -> tuple[Issue, dict[str, Person]]:
    """An issue with one item, and three people; Bo both writes and approves."""
    publish_toolkit(session)
    add_people(session, 3)
    for name, roles in PEOPLE.items():
        users.add(session, email=f"{name}@example.org", name=name, roles=roles, now=MONDAY)
    people = {name: users.find(session, f"{name}@example.org") for name in PEOPLE}
    of = bulletin(session, languages=("en",))
    item = toolkit(session, "flu")
    signing.submit(session, item.id, by=people["ann"], now=MONDAY)
    signing.approve(session, item.id, by=people["cy"], now=MONDAY)
    return opened(session, of), people


def submit(session: Session, issue: Issue, by: Person) -> int:
    of = session.get_one(Bulletin, issue.bulletin_id)
    submitting.submit(
        session, of, issue, seen=issue.revision, by=by.email, person=by, house=SIGNED, now=MONDAY
    )
    return issue.versions["en"]


def introduce(session: Session, issue: Issue, by: str, now: datetime) -> None:
    arranging.introduce(session, issue, lead="Hello.", note="", seen=issue.revision, by=by, now=now)


def hold(session: Session, issue: Issue, by: str, now: datetime) -> None:
    (entry, _), *_ = issues.entries(session, issue)
    for until in ("next", ""):
        arranging.hold(session, issue, entry.id, until, seen=issue.revision, by=by, now=now)


def arrange(session: Session, issue: Issue, by: str, now: datetime) -> None:
    (entry, _), *_ = issues.entries(session, issue)
    order = [(entry.id, "for-action")]
    arranging.arrange(session, issue, order, seen=issue.revision, by=by, now=now)


@pytest.mark.parametrize("edit", [introduce, hold, arrange])
def test_an_editor_does_not_approve_what_somebody_else_submitted(
    sqlite_database: Database, edit: Callable[[Session, Issue, str, datetime], None]
) -> None:
    with sqlite_database.writing() as session:
        issue, people = cell(session)
        edit(session, issue, people["bo"].email, MONDAY)
        number = submit(session, issue, people["ann"])

        with pytest.raises(Refused, match="You wrote at this text yourself"):
            submitting.approve(
                session, issue, seen=issue.revision, by=people["bo"], house=SIGNED, now=MONDAY
            )
        assert [one.name for one in who_may(session, version(session, number))] == ["cy"]
        assert not to_decide(session, people["bo"], 10)
        assert [one.version_id for one in to_decide(session, people["cy"], 10)] == [number]
        submitting.approve(
            session, issue, seen=issue.revision, by=people["cy"], house=SIGNED, now=MONDAY
        )
        assert issues.standing(session, issue, sign_off=True) == "approved"


def test_who_only_looked_may_approve(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        issue, people = cell(session)
        submit(session, issue, people["ann"])
        submitting.approve(
            session, issue, seen=issue.revision, by=people["bo"], house=SIGNED, now=MONDAY
        )
        assert issues.standing(session, issue, sign_off=True) == "approved"


def test_who_edited_it_before_it_was_taken_back_does_not_approve_the_same_text(
    sqlite_database: Database,
) -> None:
    with sqlite_database.writing() as session:
        issue, people = cell(session)
        submit(session, issue, people["ann"])
        submitting.take_back(session, issue, by=people["ann"].email, now=MONDAY)
        hold(session, issue, people["bo"].email, MONDAY)
        submit(session, issue, people["ann"])
        with pytest.raises(Refused, match="You wrote at this text yourself"):
            submitting.approve(
                session, issue, seen=issue.revision, by=people["bo"], house=SIGNED, now=MONDAY
            )


def test_only_what_is_submitted_is_approved(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        issue, people = cell(session)
        with pytest.raises(Refused, match="only what is submitted"):
            submitting.approve(
                session, issue, seen=issue.revision, by=people["cy"], house=SIGNED, now=MONDAY
            )


def test_nobody_approves_another_text_than_the_one_they_saw(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        issue, people = cell(session)
        first = submit(session, issue, people["ann"])
        seen = issue.revision
        submitting.take_back(session, issue, by=people["ann"].email, now=MONDAY)
        introduce(session, issue, people["ann"].email, MONDAY)
        assert submit(session, issue, people["ann"]) != first

        with pytest.raises(Overtaken):
            submitting.approve(session, issue, seen=seen, by=people["cy"], house=SIGNED, now=MONDAY)
        assert issues.standing(session, issue, sign_off=True) == "submitted"


def retitle(session: Session, of: Bulletin, by: Person) -> None:
    """Give it another title, which stands on its issues."""
    to = Wanted(of.name, "Ring us at once", of.segments, FORTNIGHTLY, of.languages)
    later = MONDAY + timedelta(minutes=1)
    making.change(session, of, to, seen=of.revision, by=by.email, now=later)


def test_who_wrote_the_title_of_the_bulletin_does_not_approve_its_issue(
    sqlite_database: Database,
) -> None:
    with sqlite_database.writing() as session:
        issue, people = cell(session)
        retitle(session, session.get_one(Bulletin, issue.bulletin_id), people["bo"])
        submit(session, issue, people["ann"])

        with pytest.raises(Refused, match="You wrote at this text yourself"):
            submitting.approve(
                session, issue, seen=issue.revision, by=people["bo"], house=SIGNED, now=MONDAY
            )


def test_who_wrote_it_while_no_issue_was_open_does_not_approve_the_next(
    sqlite_database: Database,
) -> None:
    with sqlite_database.writing() as session:
        issue, people = cell(session)
        of, bo = session.get_one(Bulletin, issue.bulletin_id), people["bo"]
        making.set_stopped(session, of, stopped=True, by=bo.email, now=MONDAY)
        issues.skip(session, of, issue, by=bo.email, now=MONDAY)
        retitle(session, of, bo)
        later = MONDAY + timedelta(minutes=2)
        making.set_stopped(session, of, stopped=False, by=bo.email, now=later)
        second = opened(session, of, now=MONDAY + timedelta(hours=1))
        assert "bo@example.org" in second.editors
