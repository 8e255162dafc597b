"""Who may approve: any approver, or those who are named for a campaign or lead organisation."""

import pytest
from sqlalchemy import event, select

from cascade.accounts import users
from cascade.accounts.users import Person
from cascade.errors import BadInput, Refused
from cascade.letters.records import Letter
from cascade.library import drafts
from cascade.sign_off import approvers, standing, telling
from tests.cascade.sign_off.cell import TEXT, Cell


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
        (one,) = approvers.named_approvers(session).lines
        assert (one.row.name, one.person.name) == ("Winter 2026", "Di")
        approvers.unname_approver(session, one.row.id)
    assert who(cell) == ["Cy", "Di"]


def test_only_approvers_are_named(cell: Cell) -> None:
    with pytest.raises(Refused, match="Ann is not an approver"):
        name_one(cell, "campaign", "Winter 2026", cell.author)
    with pytest.raises(BadInput):
        name_one(cell, "campaign", " ", cell.approver)
    with pytest.raises(BadInput):
        name_one(cell, "toolkit", "x", cell.approver)


def test_a_name_is_compared_without_capitals_in_any_language(cell: Cell) -> None:
    name_one(cell, "campaign", "ÉTÉ 2027", cell.other_approver)
    version = cell.publish(TEXT.replace("Winter 2026", "Été 2027"))
    with cell.database.reading() as session:
        of = standing.version(session, version)
        assert [one.name for one in approvers.who_may(session, of)] == ["Di"]


def many(cell: Cell, number: int, by: Person, campaign: str = "Winter 2026") -> list[int]:
    """That many submitted texts."""
    texts = [
        TEXT.replace("toolkit: cold-snap", f"toolkit: {by.name.lower()}-{one}")
        for one in range(number)
    ]
    versions = [cell.publish(text.replace("Winter 2026", campaign), by=by) for text in texts]
    for version in versions:
        cell.submit(by=by, version=version)
    return versions


def writing_too(cell: Cell) -> Person:
    """The approver, who is an author as well."""
    one, roles = cell.approver, ["approver", "author"]
    with cell.database.writing() as session:
        return users.change(session, one.id, name=one.name, organisation="", roles=roles)


def to_decide(cell: Cell, person: Person) -> list[int]:
    with cell.database.reading() as session:
        return [one.version_id for one in approvers.to_decide(session, person, 5)]


def test_ones_own_texts_do_not_hide_those_to_decide_about(cell: Cell) -> None:
    approver = writing_too(cell)
    many(cell, 7, approver)
    later = many(cell, 2, cell.author)

    assert to_decide(cell, approver) == later


def test_a_text_that_one_wrote_at_or_submitted_is_not_to_decide_about(cell: Cell) -> None:
    with cell.database.writing() as session:
        draft = drafts.begin(session, by=cell.approver.email, now=cell.now)
        draft.version_id = cell.version
    cell.submit()
    sent = cell.publish(TEXT.replace("toolkit: cold-snap", "toolkit: sent"))
    cell.submit(by=writing_too(cell), version=sent)

    assert to_decide(cell, cell.approver) == []
    assert to_decide(cell, cell.other_approver) == [cell.version, sent]


def test_what_others_are_named_for_is_not_to_decide_about(cell: Cell) -> None:
    name_one(cell, "campaign", "Winter 2026", cell.other_approver)
    many(cell, 6, cell.author)
    for_all = many(cell, 1, cell.other_author, campaign="Summer 2027")

    assert to_decide(cell, cell.approver) == for_all
    assert len(to_decide(cell, cell.other_approver)) == 5


@pytest.mark.parametrize("is_named", [False, True])
def test_it_takes_as_few_questions_for_many_texts_as_for_one(cell: Cell, is_named: bool) -> None:
    if is_named:
        name_one(cell, "campaign", "Winter 2026", cell.approver)
    many(cell, 1, cell.author)
    asked: list[str] = []
    event.listen(cell.database.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    assert len(to_decide(cell, cell.approver)) == 1
    once = len(asked)
    many(cell, 8, cell.other_author)
    asked.clear()

    assert len(to_decide(cell, cell.approver)) == 5
    assert len(asked) == once


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
