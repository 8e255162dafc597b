"""Letters are claimed one at a time, and every answer has its effect."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from cascade.database import Database, connect
from cascade.letters import posting
from cascade.letters.posting import Claimed, claim, is_due, record, renew
from cascade.letters.records import Letter
from cascade.letters.writing import write
from channels.base import Kind, Outcome

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def written(database: Database, number: int = 1) -> None:
    """That many letters, a second apart."""
    with database.writing() as session:
        for one in range(number):
            write(
                session,
                to=f"pat{one}@example.org",
                name="Pat",
                subject="Your link",
                text="https://cascade.example.org/reset/secret",
                now=NOW + one * SECOND,
            )


def take(database: Database, now: datetime) -> Claimed | None:
    """Claim the next letter."""
    with database.writing() as session:
        return claim(session, now)


def taken(database: Database, now: datetime) -> Claimed:
    """Claim the next letter, which has to be there."""
    found = take(database, now)
    assert found is not None
    return found


def answer(database: Database, letter: Claimed, kind: Kind, now: datetime) -> Letter:
    """Record an answer of the mail server; gives the letter after it."""
    code = {"accepted": 250, "temporary": 451, "permanent": 550}.get(kind, 0)
    with database.writing() as session:
        record(session, letter, Outcome(letter.id, kind, "rcpt", code, text="So it is"), now)
    with database.reading() as session:
        return session.scalars(select(Letter).where(Letter.id == letter.id)).one()


def due(database: Database, now: datetime) -> bool:
    """Whether a letter is due."""
    with database.reading() as session:
        return is_due(session, now)


def test_a_letter_is_due_from_when_it_is_written_until_it_is_claimed(database: Database) -> None:
    written(database)
    assert not due(database, NOW - SECOND)
    assert due(database, NOW)
    assert taken(database, NOW).attempts == 1
    assert not due(database, NOW)
    assert take(database, NOW + posting.LEASE - SECOND) is None


def test_the_oldest_letter_is_the_first(database: Database) -> None:
    written(database, 3)
    later = NOW + MINUTE
    order = [taken(database, later).to for _ in range(3)]
    assert order == [f"pat{one}@example.org" for one in range(3)]


def test_a_claim_that_nobody_renews_ends_after_its_lease(database: Database) -> None:
    written(database)
    first = taken(database, NOW)
    with database.writing() as session:
        renew(session, first, NOW + 30 * SECOND)
    assert take(database, NOW + posting.LEASE) is None
    assert taken(database, NOW + 30 * SECOND + posting.LEASE).attempts == 2


def test_a_letter_goes_to_one_of_many_who_claim_at_once(database: Database) -> None:
    written(database, 8)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: take(database, NOW + MINUTE), range(16)))
    numbers = [one.id for one in found if one]
    assert len(numbers) == len(set(numbers)) == 8


def test_a_claim_passes_over_a_letter_that_another_one_holds(postgresql_url: str) -> None:
    opened = connect(postgresql_url)
    written(opened, 2)
    with opened.writing() as first, opened.writing() as second:
        one, other = claim(first, NOW + MINUTE), claim(second, NOW + MINUTE)
    assert one is not None
    assert other is not None
    assert one.id != other.id
    opened.close()


def test_an_accepted_letter_is_sent_and_its_text_is_gone(database: Database) -> None:
    written(database)
    letter = answer(database, taken(database, NOW), "accepted", NOW + SECOND)
    assert (letter.state, letter.text, letter.sent_at) == ("sent", "", NOW + SECOND)
    assert letter.detail == "250 So it is"
    assert not due(database, NOW + timedelta(days=30))


def test_a_refused_letter_has_failed_and_its_text_is_gone(database: Database) -> None:
    written(database)
    letter = answer(database, taken(database, NOW), "permanent", NOW)
    assert (letter.state, letter.text, letter.detail) == ("failed", "", "550 So it is")
    assert not due(database, NOW + timedelta(days=30))


def test_a_letter_refused_for_now_is_tried_less_and_less_often_for_two_days(
    sqlite_database: Database,
) -> None:
    written(sqlite_database)
    now, pauses = NOW, []
    while (letter := take(sqlite_database, now)) is not None:
        after = answer(sqlite_database, letter, "temporary", now)
        if after.state == "failed":
            break
        pauses.append((after.due_at - now) // MINUTE)
        now = after.due_at
    assert pauses[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert set(pauses[8:]) == {60}
    assert posting.PATIENCE <= now - NOW < posting.PATIENCE + timedelta(hours=1)
    assert after.state == "failed"
    assert after.text == ""


def test_what_nobody_has_looked_at_uses_up_no_attempt(database: Database) -> None:
    written(database)
    letter = answer(database, taken(database, NOW), "unsent", NOW)
    assert (letter.state, letter.attempts) == ("waiting", 0)
    assert letter.due_at == NOW + posting.SOON
    assert "secret" in letter.text


@pytest.mark.parametrize("kind", ["temporary", "permanent", "unsent"])
def test_a_late_answer_leaves_the_letter_to_who_has_it_now(database: Database, kind: Kind) -> None:
    written(database)
    late = taken(database, NOW)
    again = NOW + posting.LEASE
    taken(database, again)
    letter = answer(database, late, kind, again)
    assert (letter.state, letter.attempts) == ("waiting", 2)
    assert letter.due_at == again + posting.LEASE


def test_a_late_acceptance_counts(database: Database) -> None:
    written(database)
    late = taken(database, NOW)
    taken(database, NOW + posting.LEASE)
    assert answer(database, late, "accepted", NOW + posting.LEASE).state == "sent"


def test_looking_for_letters_reads_only_those_that_wait(sqlite_database: Database) -> None:
    query = posting._DUE.compile(sqlite_database.engine)
    with sqlite_database.reading() as session:
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", ("", 1, 0)).all()
    assert "ix_letters_waiting" in str(plan)


def test_a_letter_that_would_be_too_fast_waits_a_moment_and_others_go(database: Database) -> None:
    with database.writing() as session:
        for to in ("pat@Fast.example.org", "sam@slow.example.org"):
            write(session, to=to, name="", subject="", text="", now=NOW)
    asked: list[str] = []

    def may_go(domain: str) -> bool:
        asked.append(domain)
        return domain == "slow.example.org"

    def one(at: datetime) -> Claimed | None:
        with database.writing() as session:
            return claim(session, at, may_go)

    assert one(NOW) is None
    went = one(NOW)
    assert went is not None
    assert (went.to, asked) == ("sam@slow.example.org", ["fast.example.org", "slow.example.org"])
    assert not due(database, NOW)
    assert taken(database, NOW + SECOND).attempts == 1
