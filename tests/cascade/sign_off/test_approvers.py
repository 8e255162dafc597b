"""Who may approve: any approver, or those who are named for a campaign or lead organisation."""

import pytest
from sqlalchemy import select

from cascade.accounts import users
from cascade.accounts.users import Person
from cascade.errors import BadInput, Refused
from cascade.letters.records import Letter
from cascade.sign_off import approvers, standing, telling
from tests.cascade.sign_off.cell import Cell


def name_one(cell: Cell, scope: str, name: str, person: Person) -> None:
    with cell.database.writing() as session:
        approvers.name_approver(session, scope, name, person)


def who(cell: Cell) -> list[str]:
    with cell.database.reading() as session:
        of = standing.version(session, cell.version)
        return [one.name for one in approvers.who_may(session, of)]


def test_without_names_every_approver_may(cell: Cell) -> None:
    assert who(cell) == ["Cy", "Di"]


@pytest.mark.parametrize(
    ("scope", "name"), [("campaign", "winter 2026"), ("lead", " Example  ICB ")]
)
def test_who_is_named_approves_and_others_do_not(cell: Cell, scope: str, name: str) -> None:
    name_one(cell, scope, name, cell.other_approver)
    cell.submit()

    assert who(cell) == ["Di"]
    with pytest.raises(Refused, match="For this text Di must approve it"):
        cell.approve(by=cell.approver)
    cell.approve(by=cell.other_approver)


def test_a_campaign_counts_before_the_lead_organisation(cell: Cell) -> None:
    name_one(cell, "lead", "Example ICB", cell.approver)
    name_one(cell, "campaign", "Winter 2026", cell.other_approver)
    assert who(cell) == ["Di"]


def test_names_for_another_campaign_change_nothing(cell: Cell) -> None:
    name_one(cell, "campaign", "Summer 2027", cell.other_approver)
    assert who(cell) == ["Cy", "Di"]


def test_when_nobody_named_is_an_approver_any_longer_every_approver_may(cell: Cell) -> None:
    name_one(cell, "campaign", "Winter 2026", cell.other_approver)
    with cell.database.writing() as session:
        users.close(session, cell.other_approver.id, cell.now)
    assert who(cell) == ["Cy"]


def test_a_name_is_kept_once_and_can_be_taken_away(cell: Cell) -> None:
    for _ in range(2):
        name_one(cell, "campaign", "Winter 2026", cell.other_approver)
    with cell.database.writing() as session:
        ((one, user),) = approvers.named_approvers(session)
        assert (one.name, user.name) == ("Winter 2026", "Di")
        approvers.unname_approver(session, one.id)
    assert who(cell) == ["Cy", "Di"]


def test_only_approvers_are_named(cell: Cell) -> None:
    with pytest.raises(Refused, match="Ann is not an approver"):
        name_one(cell, "campaign", "Winter 2026", cell.author)
    with pytest.raises(BadInput):
        name_one(cell, "campaign", " ", cell.approver)
    with pytest.raises(BadInput):
        name_one(cell, "toolkit", "x", cell.approver)


def letters(cell: Cell) -> list[tuple[str, str, str]]:
    with cell.database.reading() as session:
        rows = session.scalars(select(Letter).order_by(Letter.id))
        return [(one.to, one.subject, one.text) for one in rows]


def tell(cell: Cell) -> None:
    with cell.database.writing() as session:
        telling.tell(session, cell.version, base_url="https://cascade.example.org", now=cell.now)


def test_who_may_approve_is_told_when_a_text_is_submitted(cell: Cell) -> None:
    cell.submit(note="Needed by noon.")
    tell(cell)

    told = letters(cell)
    assert [one[:2] for one in told] == [
        ("cy@example.org", "To approve: Cold snap"),
        ("di@example.org", "To approve: Cold snap"),
    ]
    assert f"https://cascade.example.org/versions/{cell.version}\n\nNeeded by noon." in told[0][2]
    assert "Ann asks you" in told[0][2]


def test_the_authors_are_told_what_was_decided(cell: Cell) -> None:
    cell.submit(by=cell.other_author)
    cell.give_back(note="Which room? {link}")
    tell(cell)

    told = letters(cell)
    assert [one[:2] for one in told] == [
        ("ann@example.org", "Returned: Cold snap"),
        ("ben@example.org", "Returned: Cold snap"),
    ]
    assert "Cy has returned" in told[0][2]
    assert "Which room? {link}" in told[0][2]
