"""Signing off: who may, in what order, and what a change does to an approval."""

from collections.abc import Callable

import pytest

from cascade.accounts import users
from cascade.accounts.users import Person
from cascade.errors import BadInput, NotFound, Refused
from cascade.library.records import Draft, DraftRevision
from cascade.sign_off import clearance, signing, standing
from tests.at_once import together
from tests.cascade.sign_off.cell import TEXT, Cell


def state(cell: Cell, version: int | None = None) -> str | None:
    with cell.database.reading() as session:
        found = standing.standing(session, version or cell.version)
        return found.state if found else None


def acts(cell: Cell) -> list[tuple[str, str, str]]:
    with cell.database.reading() as session:
        return [(one.act, one.by, one.note) for one in standing.story(session, cell.version)]


def test_a_text_is_submitted_and_approved_by_somebody_else(cell: Cell) -> None:
    cell.submit(note="Please today.")
    cell.approve()

    assert state(cell) == "approved"
    assert acts(cell) == [
        ("submitted", "ann@example.org", "Please today."),
        ("approved", "cy@example.org", ""),
    ]


def test_a_text_that_nobody_submitted_cannot_be_approved(cell: Cell) -> None:
    with pytest.raises(Refused, match="Nobody has submitted"):
        cell.approve()


def test_nobody_approves_what_they_wrote_or_submitted(cell: Cell) -> None:
    both = add(cell, "Eve", "author", "approver")
    cell.submit(by=both)
    with pytest.raises(Refused, match="You wrote at this text"):
        cell.approve(by=both)

    mine = cell.publish(TEXT.replace("coming", "near"), by=both)
    cell.submit(version=mine)
    with pytest.raises(Refused, match="You wrote at this text"):
        cell.approve(by=both, version=mine)
    assert state(cell, mine) == "submitted"


def test_nobody_approves_a_draft_that_they_wrote_at(cell: Cell) -> None:
    helper = add(cell, "Eve", "author", "approver")
    with cell.database.writing() as session:
        draft = Draft(
            title="Cold snap",
            text=TEXT,
            revision=2,
            version_id=cell.version,
            created_at=cell.now,
            changed_at=cell.now,
            changed_by=cell.author.email,
        )
        session.add(draft)
        session.flush()
        session.add_all(
            DraftRevision(draft_id=draft.id, revision=number, text=TEXT, at=cell.now, by=by.email)
            for number, by in ((1, helper), (2, cell.author))
        )
    cell.submit()

    with pytest.raises(Refused, match="You wrote at this text"):
        cell.approve(by=helper)


@pytest.mark.parametrize("role", ["viewer", "author", "releaser", "administrator"])
def test_who_is_no_approver_approves_nothing(cell: Cell, role: str) -> None:
    cell.submit()
    with pytest.raises(Refused, match="is not an approver"):
        cell.approve(by=add(cell, "Eve", role))
    with pytest.raises(Refused, match="is not an approver"):
        cell.give_back(by=add(cell, "Fay", role))


def test_who_is_no_author_submits_nothing(cell: Cell) -> None:
    with pytest.raises(Refused, match="is not an author"):
        cell.submit(by=cell.approver)


def test_who_has_been_closed_approves_nothing(cell: Cell) -> None:
    cell.submit()
    with cell.database.writing() as session:
        users.close(session, cell.approver.id, cell.now)
        closed = users.get(session, cell.approver.id)
    with pytest.raises(Refused, match="is not an approver"):
        cell.approve(by=closed)


def test_a_returned_text_says_what_is_to_be_mended_where(cell: Cell) -> None:
    cell.submit()
    cell.give_back(note="", comments=[signing.Comment(10, " Where?\r\n"), signing.Comment(1, " ")])

    with cell.database.reading() as session:
        last = standing.story(session, cell.version)[-1]
    assert (last.act, last.comments) == ("returned", [{"line": 10, "text": "Where?"}])
    assert state(cell) == "returned"


@pytest.mark.parametrize("line", [0, -1, 12, 10**9])
def test_a_comment_stands_on_a_line_that_is_there(cell: Cell, line: int) -> None:
    cell.submit()
    with pytest.raises(BadInput) as refused:
        cell.give_back(comments=[signing.Comment(line, "What?")])
    assert f"there is no line {line}" in refused.value.problems[0]
    assert state(cell) == "submitted"


def test_a_text_is_not_returned_without_a_word(cell: Cell) -> None:
    cell.submit()
    with pytest.raises(BadInput, match="Say what is to be mended"):
        cell.give_back(note=" \n")


def test_a_returned_text_can_be_submitted_as_it_is(cell: Cell) -> None:
    cell.submit()
    cell.give_back()
    cell.submit(by=cell.other_author)

    assert state(cell) == "submitted"
    assert [act for act, _, _ in acts(cell)] == ["submitted", "returned", "submitted"]


def test_an_approval_can_be_taken_back(cell: Cell) -> None:
    cell.submit()
    cell.approve(immediate_use=True)
    cell.give_back(by=cell.other_approver)

    with cell.database.reading() as session:
        found = standing.standing(session, cell.version)
    assert found is not None
    assert (found.state, found.immediate_use) == ("returned", False)


@pytest.mark.parametrize("again", [Cell.submit, Cell.approve])
def test_what_is_decided_is_not_decided_again(cell: Cell, again: Callable[[Cell], None]) -> None:
    cell.submit()
    cell.approve()
    with pytest.raises(Refused, match="approved already, by cy@example.org"):
        again(cell)


def did(act: Callable[[], None]) -> bool:
    """Whether it was done; False: it was refused."""
    try:
        act()
    except Refused:
        return False
    return True


def test_of_two_approvals_at_once_one_counts(cell: Cell) -> None:
    cell.submit()

    done = together(
        lambda: did(lambda: cell.approve(by=cell.approver)),
        lambda: did(lambda: cell.approve(by=cell.other_approver)),
    )

    assert sorted(done) == [False, True]
    assert [act for act, _, _ in acts(cell)] == ["submitted", "approved"]


def test_of_two_who_submit_at_once_one_does(cell: Cell) -> None:
    done = together(
        lambda: did(lambda: cell.submit(by=cell.author)),
        lambda: did(lambda: cell.submit(by=cell.other_author)),
    )

    assert sorted(done) == [False, True]


def test_an_old_version_is_neither_submitted_nor_approved(cell: Cell) -> None:
    cell.submit()
    cell.publish(TEXT.replace("coming", "near"))

    with pytest.raises(Refused, match="Version 2 has taken the place of version 1"):
        cell.approve()
    with pytest.raises(Refused, match="Version 2 has taken the place of version 1"):
        cell.submit()


def test_a_change_after_an_approval_needs_another(cell: Cell) -> None:
    cell.submit()
    cell.approve()
    changed = cell.publish(TEXT.replace("coming", "near"))

    with cell.database.reading() as session:
        versions = [standing.version(session, changed)]
        with pytest.raises(Refused, match="has not been submitted"):
            clearance.refuse_unapproved(session, versions)
        before = standing.approved_before(session, versions[0])
    assert before is not None
    assert before.id == cell.version


@pytest.mark.parametrize("immediate_use", [True, False])
def test_the_bank_holds_what_was_approved_for_it(cell: Cell, immediate_use: bool) -> None:
    cell.submit()
    cell.approve(immediate_use=immediate_use)
    with cell.database.reading() as session:
        versions = [standing.version(session, cell.version)]
        clearance.refuse_unapproved(session, versions)
        assert clearance.for_immediate_use(session, versions) is immediate_use


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (None, "has not been submitted"),
        (Cell.submit, "waits for approval"),
        (Cell.give_back, "was returned"),
    ],
)
def test_what_is_not_approved_says_who_does_what_next(
    cell: Cell, act: Callable[[Cell], None] | None, words: str
) -> None:
    if act is Cell.give_back:
        cell.submit()
    if act:
        act(cell)
    with cell.database.reading() as session:
        one = standing.version(session, cell.version)
        with pytest.raises(Refused, match=words):
            clearance.refuse_unapproved(session, [one])


@pytest.mark.parametrize(
    ("setting", "with_users", "counts"),
    [("auto", False, False), ("auto", True, True), ("on", False, True), ("off", True, False)],
)
def test_sign_off_counts_from_the_first_account_on_unless_it_is_set(
    cell: Cell, setting: clearance.Setting, with_users: bool, counts: bool
) -> None:
    with cell.database.writing() as session:
        if not with_users:
            for one in users.listing(session).lines:
                session.delete(session.get_one(users.User, one.id))
        assert clearance.in_force(session, setting) is counts


def test_what_waits_is_listed_with_the_longest_waiting_first(cell: Cell) -> None:
    cell.submit()
    second = cell.publish(TEXT.replace("cold-snap", "heat").replace("Cold snap", "Heat"))
    cell.submit(version=second)
    with cell.database.reading() as session:
        found = standing.waiting(session)
    assert [(one.title, one.submitted_by) for one in found.lines] == [
        ("Cold snap", "ann@example.org"),
        ("Heat", "ann@example.org"),
    ]
    cell.approve()
    with cell.database.reading() as session:
        assert standing.waiting(session).total == 1


def test_a_version_that_is_not_there_says_so(cell: Cell) -> None:
    with pytest.raises(NotFound, match="There is no version 99"):
        cell.submit(version=99)


def add(cell: Cell, name: str, *roles: str) -> Person:
    with cell.database.writing() as session:
        return users.add(
            session, email=f"{name.lower()}@example.org", name=name, roles=roles, now=cell.now
        )
