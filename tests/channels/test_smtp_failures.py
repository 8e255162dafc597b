"""Servers that go away, fall silent, limit or talk nonsense: nothing lost, nothing miscounted."""

import socket
import threading
from collections import Counter
from time import monotonic, sleep

import pytest

from channels.base import ChannelDown
from channels.smtp import SmtpAddress, SmtpChannel
from channels.smtp.opening import open_connection
from tests.channels.sending import Ledger, channel_to, message, messages, recipient
from tests.smtp_server import EXTENSIONS, Script, SmtpServer

STEP_BY_STEP = tuple(name for name in EXTENSIONS if name != "PIPELINING")


@pytest.fixture(params=[EXTENSIONS, STEP_BY_STEP], ids=["pipelined", "step by step"])
def server(request):
    with SmtpServer(Script(extensions=request.param)) as server:
        yield server


def send_until_down(channel, to_send):
    ledger = Ledger()
    with pytest.raises(ChannelDown) as down:
        channel.send(iter(to_send), ledger)
    channel.close()
    return ledger, down.value.reason


def send(server, to_send, **options):
    ledger, channel = Ledger(), channel_to(server, **options)
    channel.send(iter(to_send), ledger)
    channel.close()
    return ledger


def test_a_refused_connection_takes_the_channel_down_and_reports_what_was_taken_as_unsent():
    with SmtpServer() as server:
        pass
    taken = []

    def watched():
        for key in range(100):
            taken.append(key)
            yield message(key)

    ledger, reason = send_until_down(channel_to(server, connections=4), watched())

    assert "refused" in reason
    assert sorted(ledger.outcomes) == taken
    assert len(taken) <= 4
    assert set(ledger.kinds) == {"unsent"}


@pytest.mark.parametrize(
    ("greeting", "words"),
    [
        ("554 5.7.1 Go away", "554 5.7.1 Go away"),
        ("421 4.3.2 Not now", "421 4.3.2 Not now"),
        ("hello", "it does not speak SMTP"),
    ],
)
def test_a_greeting_that_refuses_takes_the_channel_down_with_its_words(server, greeting, words):
    server.script.greeting = greeting
    ledger, reason = send_until_down(channel_to(server), messages(3))

    assert words in reason
    assert set(ledger.kinds) == {"unsent"}


def test_a_host_that_does_not_exist_takes_the_channel_down():
    channel = SmtpChannel(SmtpAddress.parse("smtp://nowhere.invalid:25"), connections=1)

    assert "nowhere.invalid:25" in send_until_down(channel, messages(1))[1]


def test_a_connection_lost_after_the_body_reports_that_message_as_unsent(server):
    server.script.drops["body", recipient(1)] = 1
    ledger = send(server, messages(4), connections=2)

    assert ledger.kinds == ["accepted", "unsent", "accepted", "accepted"]
    assert ledger.outcomes[1].stage == "body"
    # It had arrived; sent again under the same Message-ID it is known to be the same.
    assert server.message_ids["<1@example.org>"] == 1


def test_a_connection_lost_between_messages_loses_none(server):
    server.script.drops["mail", "b-3@example.org"] = 1

    assert send(server, messages(6)).kinds == ["accepted"] * 6


def test_a_message_not_begun_goes_to_another_connection_when_its_own_is_lost(server):
    server.script.drops["rcpt", recipient(3)] = 1
    ledger = send(server, messages(6))

    assert ledger.kinds == ["accepted"] * 6
    assert server.message_ids == Counter(f"<{key}@example.org>" for key in range(6))


def test_a_server_that_ends_each_connection_after_two_messages_gets_them_all(server):
    server.script.messages_per_connection = 2
    ledger = send(server, messages(20), connections=3)

    assert ledger.kinds == ["accepted"] * 20
    assert server.connections >= 10


def test_a_server_that_drops_every_connection_takes_the_channel_down(server):
    server.script.drops["mail", "*"] = 1000
    ledger, reason = send_until_down(channel_to(server, connections=3), messages(100))

    assert "connection" in reason
    assert ledger.kinds == ["unsent"] * len(ledger.outcomes)
    assert len(ledger.outcomes) <= 6


def test_a_server_that_drops_every_connection_after_the_body_is_not_given_every_message(server):
    server.script.drops["body", "*"] = 1000
    ledger, _ = send_until_down(channel_to(server, connections=3), messages(100))

    assert set(ledger.kinds) == {"unsent"}
    assert len(server.accepted) <= 3


def test_a_message_that_the_server_cannot_stand_does_not_stop_the_others(server):
    server.script.drops["rcpt", recipient(5)] = 1000
    ledger = send(server, messages(20), connections=3)

    assert [key for key, outcome in ledger.outcomes.items() if outcome.kind == "unsent"] == [5]
    assert len(server.accepted) == 19


def test_421_in_the_middle_is_the_end_of_the_connection_and_of_nothing_else(server):
    server.script.replies["rcpt", recipient(2)] = "421 4.7.0 Slow down"

    def mended_later():
        yield from messages(3)
        server.script.replies.clear()
        yield from (message(key) for key in range(3, 6))

    ledger = send(server, mended_later(), connections=2)

    assert [kind for key, kind in enumerate(ledger.kinds) if key != 2] == ["accepted"] * 5
    assert ledger.outcomes[2].kind in ("accepted", "unsent")


def test_421_for_a_body_reports_the_message_as_unsent(server):
    server.script.replies["body", recipient(1)] = "421 4.3.0 Shutting down"
    ledger = send(server, messages(3), connections=2)

    assert ledger.kinds == ["accepted", "unsent", "accepted"]
    assert ledger.outcomes[1].code == 421


def test_a_server_with_room_for_two_gets_everything_over_two(server):
    server.script.most_connections = 2
    server.script.delays["body", "*"] = 0.005
    ledger = send(server, messages(30), connections=6)

    assert ledger.kinds == ["accepted"] * 30
    assert server.connections == 2


def test_a_connection_that_opens_while_another_is_refused_is_enough(server, monkeypatch):
    openings = iter(["refused", "open", "refused"])

    def open_or_refuse(*args, **kwargs):
        if next(openings) == "refused":
            raise ChannelDown("too many connections")
        return open_connection(*args, **kwargs)

    def slow_enough_for_all_to_end_together():
        yield from messages(2)
        sleep(0.3)
        yield message(2)

    monkeypatch.setattr("channels.smtp.channel.open_connection", open_or_refuse)
    ledger = send(server, slow_enough_for_all_to_end_together(), connections=3)

    assert ledger.kinds == ["accepted"] * 3


def test_a_server_that_goes_down_in_the_middle_loses_nothing(server):
    def down_at_ten():
        for key in range(1000):
            if key == 10:
                threading.Thread(target=server.go_down).start()
            yield message(key)

    server.script.delays["body", "*"] = 0.002
    ledger, _ = send_until_down(channel_to(server, connections=3), down_at_ten())
    accepted = {
        f"<{key}@example.org>" for key, o in ledger.outcomes.items() if o.kind == "accepted"
    }
    arrived = set(server.message_ids)

    assert accepted <= arrived
    assert len(arrived - accepted) <= 3
    assert set(ledger.kinds) == {"accepted", "unsent"}
    server.come_back()


def test_a_channel_works_again_when_its_server_is_back(server):
    channel = channel_to(server)
    channel.send(messages(1), Ledger())
    server.go_down()
    with pytest.raises(ChannelDown):
        channel.send(messages(1), Ledger())
    server.come_back()
    ledger = Ledger()
    channel.send(messages(3), ledger)
    channel.close()

    assert ledger.kinds == ["accepted"] * 3


def test_a_server_that_falls_silent_is_given_up_in_time(server):
    server.script.delays["body", recipient(1)] = 10
    began = monotonic()
    ledger = send(server, messages(3), connections=2, timeout=0.3, body_timeout=0.3)

    assert ledger.kinds == ["accepted", "unsent", "accepted"]
    assert "no reply in 0.3 s" in ledger.outcomes[1].text
    assert monotonic() - began < 8


def test_a_slow_connection_holds_up_no_other(server):
    server.script.delays["rcpt", recipient(0)] = 1
    seen = []
    channel = channel_to(server, connections=2)
    channel.send(messages(30), lambda outcomes: seen.extend(o.key for o in outcomes))
    channel.close()

    assert seen.index(0) > 20


def test_a_server_that_never_greets_is_given_up_in_time():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}?tls=none"
        channel = SmtpChannel(SmtpAddress.parse(url), connections=4, timeout=0.3)
        ledger, reason = send_until_down(channel, messages(9))

    assert "no answer in time" in reason
    assert len(ledger.outcomes) == 4


def test_a_slow_greeting_holds_up_no_other_connection(server):
    server.script.slow_greetings = {2: 10.0}
    began = monotonic()
    ledger = send(server, messages(20), connections=2)

    assert ledger.kinds == ["accepted"] * 20
    assert monotonic() - began < 8


@pytest.mark.parametrize(
    "nonsense", ["HTTP/1.1 200 OK", "25", "250", "999 what", "x" * 5000, "\x00\xff"]
)
def test_nonsense_is_the_end_of_the_connection(server, nonsense):
    server.script.replies["body", recipient(0)] = nonsense
    ledger = send(server, messages(3), connections=2)

    if nonsense == "250":  # a bare code is a reply (RFC 5321, 4.2)
        assert ledger.kinds == ["accepted"] * 3
    else:
        assert ledger.kinds == ["unsent", "accepted", "accepted"]


def test_a_reply_that_nobody_asked_for_does_not_stand_for_another(server):
    server.script.replies["body", recipient(0)] = "250 2.0.0 Ok\r\n250 2.0.0 And one more"
    ledger = send(server, messages(2), connections=2)

    assert ledger.outcomes[0].kind == "accepted"
    assert server.message_ids["<1@example.org>"] == (ledger.outcomes[1].kind == "accepted")


def test_an_error_in_opening_that_is_no_refusal_is_not_hidden(monkeypatch):
    def broken(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("channels.smtp.channel.open_connection", broken)
    channel = SmtpChannel(SmtpAddress("127.0.0.1", 9), connections=1)

    with pytest.raises(ZeroDivisionError):
        channel.send(messages(1), Ledger())
