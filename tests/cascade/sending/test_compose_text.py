"""The plain text part: complete, and answerable with every link blocked."""

import re
from email.message import EmailMessage

import pytest

from cascade.evidence.confirm import ANSWERS
from cascade.sending.framing import REPLY_WORDS
from cascade.sending.reference import reference
from tests.cascade.sending.mail import LINKS, compiled, html, mail, routine, text, toolkit

COLD_SNAP = toolkit("cold-snap")


def _words(message: EmailMessage) -> list[str]:
    return text(message).split()


def _without_links(message: EmailMessage) -> str:
    return re.sub(r"\S*https?://\S*", "", text(message))


def test_the_text_can_be_read_and_answered_with_every_link_blocked() -> None:
    said = _without_links(mail(compiled(COLD_SNAP)))
    for words in (
        "Urgent: please act on this today",
        "CONFIRM BY Saturday 21 November 2026, 2:00pm",
        "For: Oak House",
        "Cold snap: keep people warm",
        "Temperatures fall below zero from Saturday evening.",
        "Check the heating in every room today",
        "reply to this email with YOUR NAME, YOUR ROLE",
        "0300 555 0142",
        "Lead organisation: Westshire Integrated Care Board",
        "Spokesperson: Dr Ama Boateng",
        "Sent by Westshire communications cell, Winter 2026.",
        "You get this because we have Oak House on our list of care homes.",
    ):
        assert words in said
    assert all(f"{word} - {meaning}" in said for word, meaning in REPLY_WORDS.items())
    assert re.search(r"Reference of this message: 1F-[A-F0-9]{8}\n", said)


def test_a_reply_can_give_every_answer_that_the_page_takes() -> None:
    words = {re.sub(r" \d+$", "", word).lower().replace(" ", "-") for word in REPLY_WORDS}
    assert words == set(ANSWERS)


def test_the_text_holds_the_sections_of_its_reader_and_no_others() -> None:
    for_both = text(mail(compiled(COLD_SNAP, "care-homes", "pharmacies")))
    for_students = text(mail(compiled(COLD_SNAP, "universities")))
    assert "For care homes" in for_both
    assert "For pharmacies" in for_both
    assert "handover" in for_both
    assert "For care homes" not in for_students
    assert "handover" not in for_students
    assert "list of care homes and pharmacies." in for_both


def test_a_routine_text_asks_for_no_reply_and_says_how_to_stop() -> None:
    said = text(mail(routine(toolkit("news"))))
    assert "no reply is needed" in said
    assert "CONFIRM" not in said
    assert "To stop routine news like this" in said


@pytest.mark.parametrize("where", ["text", "html"])
def test_an_exercise_is_marked_at_both_ends(where: str) -> None:
    message = mail(compiled(COLD_SNAP, exercise=True))
    said = text(message) if where == "text" else html(message)
    first, last = said.find("EXERCISE"), said.rfind("EXERCISE")
    assert first < said.find("Key messages".upper() if where == "text" else "Key messages")
    assert last > said.find("Sent by")
    assert "This is a drill" in said
    assert str(message["Subject"]).startswith("[EXERCISE")
    assert message["X-Cascade-Exercise"] == "EXERCISE"


def test_a_real_message_never_says_exercise() -> None:
    assert "EXERCISE" not in mail(compiled(COLD_SNAP)).as_string()


def test_both_parts_say_the_same_words() -> None:
    message = mail(compiled(COLD_SNAP))
    page = re.sub(r"<[^>]+>", " ", html(message))
    code = reference(LINKS, 31)
    for word in ("Boateng", "draughts", "thermometer", "heaters", "RECEIVED", code):
        assert word in " ".join(_words(message))
        assert word in page or word in html(message)


def test_no_slot_or_template_is_left_over() -> None:
    whole = mail(compiled(COLD_SNAP))
    for part in (text(whole), html(whole)):
        assert not re.search(r"z9slot|\{\{|\}\}|\{%|Undefined|None\b", part)
