"""Drafts: begun, kept, overtaken, given up; their histories and what changed."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkits
from cascade.database import Database
from cascade.errors import BadInput, NotFound, Refused
from cascade.library import drafts
from cascade.library.diffs import MOST, Line, compare, rendered, source
from cascade.library.histories import history, step
from cascade.library.keeping import TOGETHER, DraftOvertaken, Kept, keep
from cascade.library.placeholders import placeholders
from cascade.library.publish import publish
from cascade.library.snippets import snippets
from tests.at_once import together

TEXT = "---\ntitle: Cold snap\nkey_messages: Keep warm.\naction: Check the heating.\n---\nBody.\n"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def number(database: Database, now: datetime) -> int:
    """A draft that Jo began."""
    with database.writing() as session:
        return drafts.begin(session, by="jo@example.org", now=now, text=TEXT).id


def kept(
    database: Database, number: int, text: str, revision: int, now: datetime, by: str = "jo"
) -> Kept:
    with database.writing() as session:
        return keep(session, number, text, revision=revision, by=f"{by}@example.org", now=now)


def texts(database: Database, number: int) -> list[tuple[int, str]]:
    """Each revision's number and text, newest first."""
    with database.reading() as session:
        lines = history(session, number).lines
        return [(one.revision, step(session, number, one.revision).revision.text) for one in lines]


def test_a_new_draft_begins_with_an_example_that_only_lacks_ones_own_words(
    database: Database, now: datetime
) -> None:
    with database.writing() as session:
        draft = drafts.begin(session, by="jo@example.org", now=now)

    assert draft.title == "What happens, and from when"
    document = toolkits.parse(draft.text)
    assert toolkits.check(document, segments=("care-homes",)) == []
    found = toolkits.check(document, segments=("care-homes",), examples=placeholders())
    assert {one.code for one in found} == {"placeholder"}
    lines = draft.text.split("\n")
    said = [lines[one.line - 1] for one in found]
    assert "lead: The organisation that leads" in said
    assert "- The second thing." in said
    assert "What only care homes need to know." in said
    assert "## What to do" not in said
    assert len(said) == 11


def test_an_example_is_not_published(database: Database, now: datetime) -> None:
    with database.writing() as session, pytest.raises(BadInput) as refused:
        publish(session, drafts.starter(), by="jo", now=now)

    assert "line 4: " in refused.value.problems[2]
    assert "write your own words, or take the line out" in refused.value.problems[2]


def test_an_example_with_ones_own_words_is_published(database: Database, now: datetime) -> None:
    lines = drafts.starter().split("\n")
    for one in toolkits.check(toolkits.parse(drafts.starter()), examples=placeholders()):
        lines[one.line - 1] += " Really"

    with database.writing() as session:
        assert publish(session, "\n".join(lines), by="jo", now=now).number == 1


def test_ready_pieces_say_what_is_still_to_be_written() -> None:
    def lacks(text: str) -> bool:
        found = toolkits.check(toolkits.parse(text), examples=placeholders())
        return "placeholder" in {one.code for one in found}

    assert {one.name for one in snippets() if lacks(one.text)} == {
        "call-to-action",
        "for-care-homes",
        "newsletter",
        "text-message",
        "who-to-ring",
    }


def test_a_draft_of_a_version_has_its_text(database: Database, now: datetime) -> None:
    with database.writing() as session:
        version = publish(session, TEXT, by="jo", now=now)
        draft = drafts.begin(session, by="jo@example.org", now=now, version_id=version.id)

        assert (draft.text, draft.based_on, draft.title) == (TEXT, version.id, "Cold snap")
        with pytest.raises(NotFound):
            drafts.begin(session, by="jo@example.org", now=now, version_id=99)


def test_keeping_makes_a_revision_and_follows_the_title(
    database: Database, number: int, now: datetime
) -> None:
    assert kept(database, number, TEXT.replace("snap", "spell"), 1, now) == Kept(2, True)

    with database.reading() as session:
        draft = drafts.get(session, number)
    assert (draft.revision, draft.title) == (2, "Cold spell")


def test_the_same_text_is_not_kept_twice(database: Database, number: int, now: datetime) -> None:
    assert kept(database, number, TEXT.replace("\n", "\r\n"), 1, now) == Kept(1, False)
    assert texts(database, number) == [(1, TEXT)]


def test_what_one_person_keeps_within_five_minutes_is_one_line(
    database: Database, number: int, now: datetime
) -> None:
    kept(database, number, "a", 1, now)
    assert kept(database, number, "b", 2, now + 2 * MINUTE) == Kept(3, False)
    kept(database, number, "c", 3, now + TOGETHER)

    assert texts(database, number) == [(4, "c"), (2, "b"), (1, TEXT)]


def test_another_person_has_a_line_of_their_own(
    database: Database, number: int, now: datetime
) -> None:
    kept(database, number, "a", 1, now)
    kept(database, number, "b", 2, now, by="sam")

    assert texts(database, number) == [(3, "b"), (2, "a"), (1, TEXT)]


def test_a_text_that_is_taken_again_replaces_nothing(
    database: Database, number: int, now: datetime
) -> None:
    kept(database, number, "a", 1, now)
    with database.writing() as session:
        keep(session, number, TEXT, revision=2, by="jo@example.org", now=now, apart=True)

    assert texts(database, number) == [(3, TEXT), (2, "a"), (1, TEXT)]


def test_who_began_from_an_older_text_gets_the_other_one(
    database: Database, number: int, now: datetime
) -> None:
    kept(database, number, "theirs", 1, now, by="sam")

    with pytest.raises(DraftOvertaken, match="sam@example.org saved this draft") as raised:
        kept(database, number, "mine", 1, now)

    assert (raised.value.text, raised.value.revision) == ("theirs", 2)
    assert texts(database, number)[0] == (2, "theirs")


def test_of_two_who_save_at_once_one_wins(database: Database, number: int, now: datetime) -> None:
    won: list[str] = []
    lost: list[str] = []

    def save(text: str) -> None:
        try:
            kept(database, number, text, 1, now, by=text)
            won.append(text)
        except DraftOvertaken as error:
            lost.append(error.text)

    together(lambda: save("left"), lambda: save("right"))

    assert len(won) == 1
    assert lost == won
    assert texts(database, number) == [(2, won[0]), (1, TEXT)]


def test_a_draft_that_was_given_up_is_kept_until_it_is_taken_up(
    database: Database, number: int, now: datetime
) -> None:
    with database.writing() as session:
        assert drafts.close(session, number, now)
        assert not drafts.close(session, number, now)
    with pytest.raises(Refused, match="given up"):
        kept(database, number, "a", 1, now)

    with database.writing() as session:
        assert drafts.take_up(session, number)
        assert not drafts.take_up(session, number)
    assert kept(database, number, "a", 1, now).revision == 2


def test_a_text_that_is_too_long_is_refused(database: Database, number: int, now: datetime) -> None:
    with pytest.raises(BadInput, match="2,000,000 characters"):
        kept(database, number, "x" * (drafts.LONGEST + 1), 1, now)


@pytest.mark.parametrize("text", ["", "\x00", "a\ud800b", "---", "\u202e😀", "::: for\n{{ x", "\r"])
def test_any_text_is_kept(database: Database, number: int, now: datetime, text: str) -> None:
    kept(database, number, text, 1, now)

    with database.reading() as session:
        assert drafts.get(session, number).text == drafts.readable(text)


def test_what_is_not_there_is_not_found(database: Database, now: datetime) -> None:
    with database.reading() as session:
        with pytest.raises(NotFound):
            drafts.get(session, 9)
        with pytest.raises(NotFound):
            step(session, 9, 1)


def shown(lines: tuple[Line, ...]) -> list[str]:
    """Each line with its sign, changed words in brackets."""
    signs = {"same": " ", "out": "-", "in": "+", "gap": "~"}
    return [
        signs[line.kind]
        + "".join(f"[{one.text}]" if one.changed else one.text for one in line.pieces)
        for line in lines
    ]


def test_changed_words_are_marked_within_their_line() -> None:
    before = "one\nKeep rooms at 16 degrees\nlast"
    after = "one\nKeep rooms at 18 degrees\nlast"

    assert shown(source(before, after)) == [
        *(" one", "-Keep rooms at [16] degrees", "+Keep rooms at [18] degrees", " last"),
    ]


def test_lines_far_from_a_change_are_counted() -> None:
    before = [str(number) for number in range(20)]

    assert shown(compare(before, [*before[:-1], "new"])) == [
        *("~16 more without a change", " 16", " 17", " 18", "-19", "+new"),
    ]


def test_nothing_changed_is_nothing() -> None:
    assert source(TEXT, TEXT) == ()


def test_readers_see_paragraphs_with_whom_they_are_for() -> None:
    section = "\n::: for care-homes\nAsk **{{ contact }}** today.\n:::\n"

    assert shown(rendered(TEXT, TEXT + section)) == [
        *(" Cold snap", " Keep warm.", " Check the heating.", " Body."),
        *("+[For care-homes]", "+Ask {{ contact }} today."),
    ]


@given(st.lists(st.sampled_from("abc \n"), max_size=40), st.lists(st.sampled_from("abc \n")))
def test_a_difference_holds_what_went_and_what_came(old: list[str], new: list[str]) -> None:
    before, after = "".join(old).split("\n"), "".join(new).split("\n")
    found = compare(before, after)

    def left(kind: str) -> list[str]:
        return sorted(
            "".join(one.text for one in line.pieces) for line in found if line.kind == kind
        )

    came, went = sorted(after), sorted(before)
    for line in left("in"):
        came.remove(line)
    for line in left("out"):
        went.remove(line)
    assert came == went


def test_a_difference_of_the_longest_texts_is_cut_and_takes_no_time() -> None:
    before, after = ([f"{mark} {n % 101}" for n in range(50_000)] for mark in "ab")

    found = compare(before, after)

    assert len(found) == MOST + 1
    assert found[-1].kind == "gap"


def test_every_ready_piece_fits_into_a_toolkit_without_a_problem() -> None:
    known = ("care-homes", "voluntary-sector")
    assert len(snippets()) > 5
    for one in snippets():
        document = toolkits.parse(f"{TEXT}\n{one.text}")
        assert toolkits.check(document, segments=known) == [], one.name
        assert one.title
