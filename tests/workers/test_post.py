"""Sending letters to a real SMTP server, beside everything else."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from dramatiq import Worker
from sqlalchemy import select, update

from cascade.database import Database, connect
from cascade.letters.records import Letter
from cascade.letters.writing import write
from cascade.sending.pace import Limits
from cascade.sending.records import Circuit, RateBucket
from tests import servers, world
from tests.awaiting import awaited
from tests.smtp_server import SmtpServer
from workers.clock import PEAL, Clock
from workers.embedded import running
from workers.jobs import LETTERS, LetterWork, declare, every_work
from workers.redis_broker import redis_broker
from workers.runtime import Runtime, utc_now

LINK = "https://cascade.example.org/welcome/secret"


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    """An SMTP server that takes everything."""
    with SmtpServer() as running:
        yield running


def written(database: Database, number: int = 1, *, to: str = "pat{}@example.org") -> None:
    """That many letters, due now."""
    with database.writing() as session:
        for one in range(number):
            write(
                session,
                to=to.format(one),
                name="Pat",
                subject="Your invitation",
                text=f"Welcome.\n\n{LINK}",
                now=datetime.now(UTC),
            )


def run(runtime: Runtime) -> int:
    """One run through the letters, with its connection closed after it."""
    work = LetterWork(runtime)
    try:
        return work.run()
    finally:
        work.close()


def letters(database: Database) -> list[Letter]:
    """All there are, in order."""
    with database.reading() as session:
        return list(session.scalars(select(Letter).order_by(Letter.id)))


def make_due(database: Database) -> None:
    """As if every pause were over."""
    with database.writing() as session:
        session.execute(update(Letter).values(due_at=datetime.now(UTC)))
        session.execute(update(Circuit).values(open_until=None))


def test_every_letter_is_sent_once_and_its_text_is_gone(
    database: Database, server: SmtpServer
) -> None:
    written(database, 3)
    runtime = world.runtime(database, server.url)

    assert run(runtime) == 3
    assert run(runtime) == 0

    assert [one.recipient for one in server.accepted] == [
        f"pat{one}@example.org" for one in range(3)
    ]
    assert set(server.message_ids.values()) == {1}
    assert server.connections == 1
    assert {(one.state, one.text, one.attempts) for one in letters(database)} == {("sent", "", 1)}
    body = message_from_bytes(server.accepted[0].raw, policy=policy.default).get_body(("plain",))
    assert body is not None
    assert LINK in body.get_content()


def test_a_letter_that_is_refused_for_now_goes_out_later(
    database: Database, server: SmtpServer
) -> None:
    written(database, 2)
    server.script.replies["rcpt", "pat0@example.org"] = "451 4.2.1 Busy"
    runtime = world.runtime(database, server.url)
    run(runtime)
    first, second = letters(database)
    assert (first.state, first.attempts, first.detail) == ("waiting", 1, "451 4.2.1 Busy")
    assert first.due_at > datetime.now(UTC) + timedelta(seconds=50)
    assert second.state == "sent"

    server.script.replies.clear()
    make_due(database)
    run(runtime)
    assert [one.state for one in letters(database)] == ["sent", "sent"]
    assert letters(database)[0].attempts == 2


def test_a_mailbox_that_does_not_exist_ends_its_letter(
    sqlite_database: Database, server: SmtpServer
) -> None:
    written(sqlite_database, 2)
    server.script.replies["rcpt", "pat0@example.org"] = "550 5.1.1 No such person"
    run(world.runtime(sqlite_database, server.url))
    assert [one.state for one in letters(sqlite_database)] == ["failed", "sent"]
    assert letters(sqlite_database)[0].text == ""


def test_an_impossible_address_ends_its_letter_before_the_wire(
    sqlite_database: Database, server: SmtpServer
) -> None:
    written(sqlite_database, to="pat{}@example.org>\r\nRCPT TO:<eve@example.org")
    written(sqlite_database)
    run(world.runtime(sqlite_database, server.url))
    assert [one.state for one in letters(sqlite_database)] == ["failed", "sent"]
    assert "is not an address" in letters(sqlite_database)[0].detail
    assert [one.recipient for one in server.accepted] == ["pat0@example.org"]


def test_a_letter_that_cannot_be_made_is_kept_and_holds_up_no_other(
    sqlite_database: Database, server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(sqlite_database, 2)
    made = iter([KeyError("a slip of ours")])

    def render(name: str, values: Mapping[str, object]) -> str:
        for error in made:
            raise error
        return "Welcome."

    monkeypatch.setattr("cascade.letters.composing.render", render)
    run(world.runtime(sqlite_database, server.url))
    first, second = letters(sqlite_database)
    assert (first.state, second.state) == ("waiting", "sent")
    assert "a slip of ours" in first.detail
    assert LINK in first.text


def test_a_server_that_is_down_uses_up_no_attempt_and_loses_nothing(database: Database) -> None:
    written(database, 2)
    with SmtpServer() as server:
        server.go_down()
        runtime = world.runtime(database, server.url)
        assert run(runtime) == 0
        assert {(one.state, one.attempts) for one in letters(database)} == {("waiting", 0)}
        assert "cannot be reached" in letters(database)[0].detail
        assert run(runtime) == 0  # It's left alone for a second.
        assert letters(database)[1].detail == ""

        server.come_back()
        make_due(database)
        assert run(runtime) == 2
    assert {one.state for one in letters(database)} == {"sent"}
    with database.reading() as session:
        assert session.get_one(Circuit, LETTERS).failures == 0


def test_a_letter_that_breaks_connections_holds_up_no_other(
    sqlite_database: Database, server: SmtpServer
) -> None:
    written(sqlite_database, 3)
    server.script.drops["data", "pat0@example.org"] = 1000
    runtime = world.runtime(sqlite_database, server.url, connections=1)
    run(runtime)
    with sqlite_database.writing() as session:
        session.execute(update(Circuit).values(open_until=None))
    assert run(runtime) == 2
    first, *others = letters(sqlite_database)
    assert (first.state, first.attempts) == ("waiting", 0)
    assert {one.state for one in others} == {"sent"}


def test_two_workers_at_once_send_each_letter_once(database: Database, server: SmtpServer) -> None:
    written(database, 20)
    server.script.delays["body", "*"] = 0.02
    both = [
        threading.Thread(target=run, args=(world.runtime(database, server.url),)) for _ in range(2)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    assert len(server.accepted) == 20
    assert set(server.message_ids.values()) == {1}
    assert server.connections == 2
    assert {one.state for one in letters(database)} == {"sent"}


def test_a_kill_before_the_record_repeats_the_letter_under_the_same_message_id(
    database: Database, server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(database)
    runtime = world.runtime(database, server.url)

    def killed(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr("workers.post.record", killed)
        with pytest.raises(SystemExit):
            run(runtime)
    assert run(runtime) == 0
    assert letters(database)[0].state == "waiting"

    after = replace(runtime, now=lambda: datetime.now(UTC) + timedelta(seconds=61))
    assert run(after) == 1
    assert list(server.message_ids.values()) == [2]
    assert letters(database)[0].state == "sent"


def test_a_server_that_takes_longer_than_a_lease_gets_the_letter_once(
    sqlite_database: Database, server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(sqlite_database)
    server.script.delays["body", "*"] = 3.5
    monkeypatch.setattr("cascade.letters.posting.LEASE", timedelta(seconds=2))
    monkeypatch.setattr("workers.post.RENEW", timedelta(seconds=0.5))
    slow = threading.Thread(target=run, args=(world.runtime(sqlite_database, server.url),))
    slow.start()
    while slow.is_alive():
        time.sleep(0.2)
        run(world.runtime(sqlite_database, server.url))
    assert list(server.message_ids.values()) == [1]
    assert letters(sqlite_database)[0].state == "sent"


def test_names_and_subjects_add_no_header_and_no_recipient(
    sqlite_database: Database, server: SmtpServer
) -> None:
    with sqlite_database.writing() as session:
        write(
            session,
            to="pat@example.org",
            name='Pat"\r\nBcc: eve@example.org',
            subject="Hello\r\nBcc: eve@example.org\r\n\r\nOther text",
            text=".\r\nRCPT TO:<eve@example.org>",
            now=datetime.now(UTC),
        )
    run(world.runtime(sqlite_database, server.url))
    made = message_from_bytes(server.accepted[0].raw, policy=policy.default)
    assert made["Bcc"] is None
    assert made["Subject"] == "Hello Bcc: eve@example.org Other text"
    assert [said for said in server.commands() if "eve@" in said] == []


def test_a_letter_goes_out_while_a_cascade_is_on_its_way(
    database: Database, server: SmtpServer
) -> None:
    cascade = world.planned_cascade(database, 300)
    server.script.delays["body", "*"] = 0.1
    server.script.delays["body", "pat0@example.org"] = 0
    with running(world.runtime(database, server.url, connections=2)):
        awaited(lambda: len(server.accepted) > 5)
        written(database)
        awaited(lambda: letters(database)[0].state == "sent", seconds=5)
        assert world.state_of(database, cascade) == "sending"


def test_letters_count_against_the_rate_limits(
    sqlite_database: Database, server: SmtpServer
) -> None:
    written(sqlite_database, 6)
    slowly = Limits(domains={"*": 0.001})

    # The one that the bucket holds, and one ahead.
    assert run(world.runtime(sqlite_database, server.url, limits=slowly)) == 2

    assert [one.attempts for one in letters(sqlite_database)] == [1, 1, 0, 0, 0, 0]
    with sqlite_database.reading() as session:
        bucket = session.get_one(RateBucket, "example.org")
        assert -1 <= bucket.tokens < 0


def test_the_clock_rings_for_letters_while_one_is_due(sqlite_database: Database) -> None:
    rung: list[str] = []
    moment = datetime.now(UTC)
    clock = Clock(sqlite_database, {LETTERS: lambda: rung.append(LETTERS)}, lambda: moment)
    clock.tick()
    assert rung == []
    written(sqlite_database)
    moment = datetime.now(UTC)
    clock.tick()
    clock.tick()
    assert rung == [LETTERS] * PEAL
    moment += timedelta(seconds=1)
    clock.tick()
    assert rung == [LETTERS] * (PEAL + 1)


def test_letters_are_rung_for_through_redis(postgresql_url: str, server: SmtpServer) -> None:
    database = connect(postgresql_url)
    written(database)
    with ExitStack() as stack:
        broker = redis_broker(stack.enter_context(servers.valkey()))
        stack.callback(broker.close)
        runtime = world.runtime(database, server.url)
        works = every_work(runtime)
        stack.callback(works[LETTERS].close)
        bells = declare(broker, lambda queue: works[queue].run())
        worker = Worker(broker, worker_threads=len(works), worker_timeout=50)
        worker.start()
        stack.callback(worker.stop)
        Clock(database, bells, utc_now).tick()
        awaited(lambda: letters(database)[0].state == "sent")
    assert len(server.accepted) == 1
    database.close()
