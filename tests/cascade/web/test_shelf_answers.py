"""Answers of the library are kept within bounds."""

from datetime import date

from cascade.shelf.revision import Revision
from cascade.web.shelf_answers import Made, State


def test_answers_that_were_not_asked_for_longest_make_room() -> None:
    state = State(Revision(1, 1, "", 0, False, date(2026, 11, 21)))
    megabyte = Made(b"x" * 2**20, "etag", ())
    for number in range(16):
        state.keep(number, megabyte)
    assert state.kept(0) is megabyte

    state.keep("one more", megabyte)

    assert state.kept(0) is megabyte
    assert state.kept(1) is None
    assert state.kept("one more") is megabyte


def test_the_same_answer_made_twice_at_once_counts_once() -> None:
    state = State(Revision(1, 1, "", 0, False, date(2026, 11, 21)))
    for _ in range(40):
        state.keep("same", Made(b"x" * 2**20, "etag", ()))

    assert state.kept("same") is not None
