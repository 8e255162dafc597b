"""Sending a lane's due work to a real SMTP server."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from cascade.database import Database
from cascade.sending import control
from cascade.sending.claim import claim
from cascade.sending.pace import Limits
from cascade.sending.records import Claim, Delivery, Variant
from cascade.sending.states import Lane, Tier
from cascade.sending.sweep import finish_sent, return_expired_claims, settle_ended
from channels.base import Outcome, Outgoing, Record
from tests import world
from tests.smtp_server import SmtpServer
from workers.jobs import LaneWork
from workers.runtime import Runtime
from workers.sender import Sender


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    """An SMTP server that takes everything."""
    with SmtpServer() as running:
        yield running


def run(runtime: Runtime, lane: Lane = Lane.URGENT) -> int:
    """One run through a lane, with its connections closed after it."""
    work = LaneWork(runtime, lane)
    try:
        return work.run()
    finally:
        work.close()


def test_everybody_gets_one_message_and_every_acceptance_is_recorded(
    database: Database, server: SmtpServer
) -> None:
    cascade = world.planned_cascade(database, 60)

    assert run(world.runtime(database, server.url)) == 60

    assert set(server.message_ids.values()) == {1}
    assert len(server.accepted) == 60
    assert world.states(database, cascade) == {"accepted": 60}
    assert world.counted(database, cascade) == {"accepted": 60}
    assert len(world.events(database, "accepted")) == 60
    assert world.claims(database) == 0


def test_a_server_that_takes_longer_than_a_lease_gets_each_message_once(
    database: Database, server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    cascade = world.planned_cascade(database, 3)
    server.script.delays["body", "*"] = 4
    monkeypatch.setattr("cascade.sending.claim.LEASE", timedelta(seconds=2))
    monkeypatch.setattr("workers.sender.RENEW", timedelta(seconds=0.5))
    slow = threading.Thread(target=run, args=(world.runtime(database, server.url),))

    slow.start()
    while slow.is_alive():
        time.sleep(0.2)
        with database.writing() as session:
            return_expired_claims(session, datetime.now(UTC))
        run(world.runtime(database, server.url))

    assert set(server.message_ids.values()) == {1}
    assert world.states(database, cascade) == {"accepted": 3}


def test_what_a_server_refuses_for_now_is_deferred_and_goes_out_later(
    sqlite_database: Database, server: SmtpServer
) -> None:
    cascade = world.planned_cascade(sqlite_database, 3)
    server.script.replies["rcpt", "pat1@care-homes.example.org"] = "451 4.2.1 Busy"

    run(world.runtime(sqlite_database, server.url))

    assert world.states(sqlite_database, cascade) == {"accepted": 2, "deferred": 1}
    assert world.events(sqlite_database, "deferred") == ["451 4.2.1 Busy"]

    server.script.replies.clear()
    _make_due(sqlite_database)
    run(world.runtime(sqlite_database, server.url))

    assert world.states(sqlite_database, cascade) == {"accepted": 3}
    assert world.counted(sqlite_database, cascade) == {"accepted": 3}


def test_a_mailbox_that_does_not_exist_ends_its_delivery(
    sqlite_database: Database, server: SmtpServer
) -> None:
    cascade = world.planned_cascade(sqlite_database, 2)
    server.script.replies["rcpt", "pat2@care-homes.example.org"] = "550 5.1.1 No such person"

    run(world.runtime(sqlite_database, server.url))

    assert world.states(sqlite_database, cascade) == {"accepted": 1, "bounced": 1}
    assert world.counted(sqlite_database, cascade) == {"accepted": 1, "bounced": 1}


def test_a_temporary_refusal_is_not_tried_for_ever(
    sqlite_database: Database, server: SmtpServer
) -> None:
    cascade = world.planned_cascade(sqlite_database, 1)
    server.script.replies["rcpt", "*"] = "451 4.2.1 Busy"
    with sqlite_database.writing() as session:
        session.execute(update(Delivery).values(tried_at=datetime.now(UTC) - timedelta(days=3)))

    run(world.runtime(sqlite_database, server.url))

    assert world.states(sqlite_database, cascade) == {"failed": 1}
    assert world.events(sqlite_database, "failed") == ["451 4.2.1 Busy (tried 1 times)"]


def test_a_server_that_is_down_uses_up_no_attempts_and_loses_nothing(
    database: Database, server: SmtpServer
) -> None:
    cascade = world.planned_cascade(database, 20)
    server.go_down()

    assert run(world.runtime(database, server.url)) == 0

    assert world.states(database, cascade) == {"planned": 20}
    assert world.claims(database) == 0
    with database.reading() as session:
        assert {one.attempts for one in session.query(Delivery)} == {0}
    assert run(world.runtime(database, server.url)) == 0, "the circuit is open: nobody tries"

    server.come_back()
    time.sleep(1.1)
    assert run(world.runtime(database, server.url)) == 20
    assert world.states(database, cascade) == {"accepted": 20}


def test_a_lost_connection_repeats_at_most_what_was_in_flight_under_the_same_message_id(
    database: Database, server: SmtpServer
) -> None:
    cascade = world.planned_cascade(database, 30)
    server.script.drops["body", "pat5@care-homes.example.org"] = 1

    run(world.runtime(database, server.url))
    _make_due(database)
    run(world.runtime(database, server.url))

    assert world.states(database, cascade) == {"accepted": 30}
    repeated = [count for count in server.message_ids.values() if count > 1]
    assert repeated == [2]


def test_a_pause_stops_a_cascade_within_a_second_while_it_is_being_sent(
    database: Database, server: SmtpServer
) -> None:
    server.script.delays["body", "*"] = 0.02
    cascade = world.planned_cascade(database, 600)
    sending = threading.Thread(target=run, args=(world.runtime(database, server.url),))
    sending.start()
    time.sleep(0.5)

    with database.writing() as session:
        control.pause(session, cascade, by="Ann", now=datetime.now(UTC))
    sending.join(1)

    assert not sending.is_alive()
    gone = len(server.accepted)
    assert 0 < gone < 600
    assert world.states(database, cascade) == {"accepted": gone, "planned": 600 - gone}
    assert world.counted(database, cascade) == {"accepted": gone, "planned": 600 - gone}


def test_a_resumed_cascade_sends_the_rest_and_nothing_twice(
    sqlite_database: Database, server: SmtpServer
) -> None:
    cascade = world.planned_cascade(sqlite_database, 10)
    now = datetime.now(UTC)
    with sqlite_database.writing() as session:
        control.pause(session, cascade, by="Ann", now=now)
    assert run(world.runtime(sqlite_database, server.url)) == 0

    with sqlite_database.writing() as session:
        control.resume(session, cascade, by="Ann", now=now)
    assert run(world.runtime(sqlite_database, server.url)) == 10


def test_a_withdrawn_cascade_sends_nothing_more_and_its_rest_is_withdrawn(
    database: Database, server: SmtpServer
) -> None:
    cascade = world.planned_cascade(database, 10)
    now = datetime.now(UTC)
    with database.writing() as session:
        control.withdraw(session, cascade, by="Ann", now=now)

    assert run(world.runtime(database, server.url)) == 0
    with database.writing() as session:
        assert settle_ended(session, now)
    with database.writing() as session:
        assert not settle_ended(session, now)

    assert world.states(database, cascade) == {"withdrawn": 10}
    assert world.counted(database, cascade) == {"withdrawn": 10}


def test_routine_work_gives_way_to_urgent_work(
    sqlite_database: Database, server: SmtpServer
) -> None:
    world.planned_cascade(sqlite_database, 20, tier=Tier.ROUTINE)
    with sqlite_database.writing() as session:
        urgent = world.send(session, datetime.now(UTC), tier=Tier.IMMEDIATE, again=True).cascade
    assert urgent

    assert run(world.runtime(sqlite_database, server.url), Lane.ROUTINE) == 0
    assert run(world.runtime(sqlite_database, server.url), Lane.URGENT) == 20
    assert run(world.runtime(sqlite_database, server.url), Lane.ROUTINE) == 20


def test_cascades_of_a_lane_take_turns(sqlite_database: Database, server: SmtpServer) -> None:
    large = world.planned_cascade(sqlite_database, 1200)
    with sqlite_database.writing() as session:
        world.add_people(session, 3, kind="gp-practices")
        small = world.send(session, datetime.now(UTC), to=("gp-practices",)).cascade
    assert small

    def stop_when_small_is_through() -> None:
        while world.states(sqlite_database, small) != {"accepted": 3}:
            time.sleep(0.01)
        left.append(world.states(sqlite_database, large).get("planned", 0))

    left: list[int] = []
    watching = threading.Thread(target=stop_when_small_is_through)
    watching.start()
    run(world.runtime(sqlite_database, server.url))
    watching.join()
    assert left[0] > 0


def test_a_rate_limit_holds_for_all_messages_of_a_domain(
    sqlite_database: Database, server: SmtpServer
) -> None:
    cascade = world.planned_cascade(sqlite_database, 20)
    with sqlite_database.writing() as session:
        world.add_people(session, 5, kind="gp-practices")
        world.send(session, datetime.now(UTC), to=("gp-practices",))
    limits = Limits(domains={"care-homes.example.org": 3})

    run(world.runtime(sqlite_database, server.url, limits=limits))

    sent = world.states(sqlite_database, cascade)
    assert 3 <= sent["accepted"] <= 6
    domains = [one.recipient.partition("@")[2] for one in server.accepted]
    assert domains.count("gp-practices.example.org") == 5


def test_a_message_that_cannot_be_made_holds_its_cascade_and_no_other(
    sqlite_database: Database, server: SmtpServer
) -> None:
    broken = world.planned_cascade(sqlite_database, 4)
    with sqlite_database.writing() as session:
        world.add_people(session, 2, kind="gp-practices")
        good = world.send(session, datetime.now(UTC), to=("gp-practices",)).cascade
        session.execute(
            update(Variant).where(Variant.cascade_id == broken).values(segments="no-such-segment")
        )
        session.execute(
            update(Delivery).where(Delivery.cascade_id == broken).values(slots={"organisation": 7})
        )
    assert good

    run(world.runtime(sqlite_database, server.url))

    assert world.state_of(sqlite_database, broken) == "held"
    assert world.states(sqlite_database, good) == {"accepted": 2}
    assert world.states(sqlite_database, broken) == {"planned": 4}


def test_an_address_that_nobody_can_write_to_ends_its_own_delivery_and_no_other(
    sqlite_database: Database, server: SmtpServer
) -> None:
    cascade = world.planned_cascade(sqlite_database, 3)
    with sqlite_database.writing() as session:
        session.execute(update(Delivery).where(Delivery.id == 2).values(address="no address"))

    run(world.runtime(sqlite_database, server.url))

    assert world.states(sqlite_database, cascade) == {"accepted": 2, "bounced": 1}
    assert world.counted(sqlite_database, cascade) == {"accepted": 2, "bounced": 1}


def test_a_lease_that_nobody_renews_returns_its_deliveries(
    database: Database, server: SmtpServer
) -> None:
    cascade = world.planned_cascade(database, 5)
    now = datetime.now(UTC)
    with database.writing() as session:
        assert len(claim(session, cascade, holder="gone", now=now, limits=Limits())) == 5
    assert run(world.runtime(database, server.url)) == 0

    with database.writing() as session:
        session.execute(update(Claim).values(until=now - timedelta(seconds=1)))
    with database.writing() as session:
        assert return_expired_claims(session, now) == 5

    assert world.counted(database, cascade) == {"planned": 5}
    assert run(world.runtime(database, server.url)) == 5


def test_an_acceptance_after_the_lease_ran_out_still_counts(
    database: Database, server: SmtpServer
) -> None:
    """The message went out: it must not go again."""
    cascade = world.planned_cascade(database, 1)
    runtime = world.runtime(database, server.url)
    server.script.delays["body", "*"] = 0.5
    sending = threading.Thread(target=run, args=(runtime,))
    sending.start()
    time.sleep(0.3)
    with database.writing() as session:
        assert return_expired_claims(session, datetime.now(UTC) + timedelta(minutes=5)) == 1
    sending.join()

    assert world.states(database, cascade) == {"accepted": 1}
    assert world.counted(database, cascade) == {"accepted": 1}
    assert run(runtime) == 0


class OneAtATime:
    """A channel that accepts every message, after something else has happened meanwhile."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        self.sent: list[int] = []
        self._meanwhile = meanwhile

    def send(self, messages: Iterator[Outgoing], record: Record) -> None:
        taken: list[Outgoing] = []
        for message in messages:
            taken.append(message)
            if len(taken) == 1:
                self._meanwhile()
                record([])
        self.sent = [one.key for one in taken]
        record([Outcome(one.key, "accepted", "body", 250) for one in taken])

    def close(self) -> None:
        """Nothing is kept open."""


def test_what_is_claimed_again_while_it_is_on_its_way_is_not_sent_twice(
    database: Database,
) -> None:
    cascade = world.planned_cascade(database, 1)

    def lease_runs_out() -> None:
        with database.writing() as session:
            return_expired_claims(session, datetime.now(UTC) + timedelta(minutes=5))

    channel = OneAtATime(lease_runs_out)
    runtime = world.runtime(database, "smtp://127.0.0.1:1")

    assert Sender(runtime, Lane.URGENT, channel).run() == 1
    assert len(channel.sent) == 1
    assert world.states(database, cascade) == {"accepted": 1}
    assert world.counted(database, cascade) == {"accepted": 1}
    assert world.claims(database) == 0


def test_what_was_claimed_and_lost_to_somebody_else_is_left_to_them(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.planned_cascade(sqlite_database, 3)
    monkeypatch.setattr("workers.sender.RENEW", timedelta(0))
    monkeypatch.setattr("workers.sender.LOOK_AROUND", timedelta(0))
    runtime = world.runtime(sqlite_database, "smtp://127.0.0.1:1")
    other = OneAtATime(lambda: None)

    def somebody_else_sends_the_rest() -> None:
        with sqlite_database.writing() as session:
            return_expired_claims(session, datetime.now(UTC) + timedelta(minutes=5))
        Sender(runtime, Lane.URGENT, other).run()

    channel = OneAtATime(somebody_else_sends_the_rest)
    Sender(runtime, Lane.URGENT, channel).run()

    assert len(channel.sent) == 1
    assert sorted(other.sent) == [1, 2, 3]


def test_a_cascade_is_sent_when_nothing_is_left_to_send(
    database: Database, server: SmtpServer
) -> None:
    cascade = world.planned_cascade(database, 2)
    now = datetime.now(UTC)
    with database.writing() as session:
        assert finish_sent(session, now) == 0
    run(world.runtime(database, server.url))
    with database.writing() as session:
        assert finish_sent(session, now) == 1
    assert world.state_of(database, cascade) == "sent"


def _make_due(database: Database) -> None:
    """As if the time to wait were over."""
    with database.writing() as session:
        session.execute(update(Delivery).values(due_at=datetime.now(UTC) - timedelta(seconds=1)))
