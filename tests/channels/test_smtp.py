"""Sending to a real server that behaves."""

from collections import Counter
from time import sleep

import pytest

from channels.base import Outgoing, WireBody
from channels.smtp import wire_form
from tests.channels.sending import Ledger, channel_to, eventually, message, messages, recipient
from tests.smtp_server import EXTENSIONS, Script, SmtpServer

STEP_BY_STEP = tuple(name for name in EXTENSIONS if name != "PIPELINING")


@pytest.fixture(params=[EXTENSIONS, STEP_BY_STEP], ids=["pipelined", "step by step"])
def server(request):
    with SmtpServer(Script(extensions=request.param)) as server:
        yield server


def send(server, to_send, **options):
    ledger = Ledger()
    channel = channel_to(server, **options)
    try:
        channel.send(iter(to_send), ledger)
    finally:
        channel.close()
    return ledger


def test_every_message_arrives_once_and_is_recorded_once(server):
    ledger = send(server, messages(50), connections=4)

    assert ledger.kinds == ["accepted"] * 50
    assert server.message_ids == Counter(f"<{key}@example.org>" for key in range(50))


def test_a_message_arrives_as_it_is_whatever_begins_its_lines(server):
    text = ".\n..\n.hidden\n- a\n\n.\nlast."
    send(server, [message(1, text=text)])

    assert server.accepted[0].raw.decode().endswith(text.replace("\n", "\r\n") + "\r\n")


def test_each_message_has_its_own_return_path(server):
    send(server, messages(3))

    assert {m.sender for m in server.accepted} == {f"b-{key}@example.org" for key in range(3)}


def test_the_acceptance_has_the_words_of_the_server(server):
    outcome = send(server, messages(1)).outcomes[0]

    assert (outcome.stage, outcome.code, outcome.enhanced) == ("body", 250, "2.0.0")
    assert outcome.text == "2.0.0 Kept"


def test_an_acceptance_is_recorded_before_the_next_body_goes_out(server):
    bodies_seen = []

    def record(outcomes):
        bodies_seen.append([said for said in server.commands() if said.startswith("BODY")])

    channel = channel_to(server)
    channel.send(messages(3), record)
    channel.close()

    assert [len(seen) for seen in bodies_seen] == [1, 2, 3]


def test_outcomes_that_come_while_others_are_recorded_are_recorded_together(server):
    batches = []

    def record(outcomes):
        batches.append(len(outcomes))
        sleep(0.03)

    channel = channel_to(server, connections=8)
    channel.send(messages(40), record)
    channel.close()

    assert sum(batches) == 40
    assert max(batches) > 1


def test_messages_are_taken_one_at_a_time(server):
    ahead = []
    ledger = Ledger()

    def lazily():
        for key in range(10):
            ahead.append(key - len(ledger.outcomes))
            yield message(key)

    channel = channel_to(server)
    channel.send(lazily(), ledger)
    channel.close()

    assert max(ahead) <= 1


def test_a_record_that_raises_stops_everything(server):
    def record(outcomes):
        raise RuntimeError("the database is gone")

    with pytest.raises(RuntimeError, match="the database is gone"):
        channel_to(server, connections=2).send(messages(20), record)

    assert len(server.accepted) <= 2


def test_messages_that_raise_are_the_end_of_them_but_not_of_what_is_in_flight(server):
    def broken():
        yield from messages(3)
        raise LookupError("no such variant")

    ledger = Ledger()
    with pytest.raises(LookupError, match="no such variant"):
        channel_to(server, connections=2).send(broken(), ledger)

    assert ledger.kinds == ["accepted"] * 3


def test_nothing_to_send_opens_no_connection(server):
    assert send(server, []).outcomes == {}
    assert server.connections == 0


def test_no_more_connections_are_opened_than_there_are_messages(server):
    send(server, messages(2), connections=8)

    assert server.connections <= 2


def test_connections_are_kept_for_the_next_call(server):
    channel, ledger = channel_to(server), Ledger()
    channel.send(iter([message(1)]), ledger)
    channel.send(iter([message(2)]), ledger)
    channel.close()

    assert ledger.kinds == ["accepted"] * 2
    assert server.connections == 1


def test_a_connection_that_was_idle_too_long_is_not_used_again(server):
    channel, ledger = channel_to(server, max_idle=0.0), Ledger()
    channel.send(iter([message(1)]), ledger)
    channel.send(iter([message(2)]), ledger)
    channel.close()

    assert server.connections == 2


def test_a_kept_connection_that_has_died_is_replaced_silently(server):
    channel, ledger = channel_to(server), Ledger()
    channel.send(iter([message(1)]), ledger)
    server.drop_connections()
    channel.send(iter([message(2)]), ledger)
    channel.close()

    assert ledger.kinds == ["accepted"] * 2


def test_a_kept_connection_that_dies_at_first_use_is_replaced_silently(server):
    channel, ledger = channel_to(server), Ledger()
    channel.send(iter([message(1)]), ledger)
    server.script.drops["mail", "b-2@example.org"] = 1
    channel.send(iter([message(2)]), ledger)
    channel.close()

    assert ledger.kinds == ["accepted"] * 2
    assert server.connections == 2


def test_a_connection_carries_no_more_messages_than_it_may(server):
    send(server, messages(7), messages_per_connection=3)

    assert sorted(Counter(m.connection for m in server.accepted).values()) == [1, 3, 3]


def test_closing_says_goodbye(server):
    send(server, messages(1))

    assert eventually(lambda: server.commands()[-1] == "QUIT")


def test_replies_may_come_one_byte_at_a_time(server):
    server.script.dribble = True

    assert send(server, messages(3)).kinds == ["accepted"] * 3


def test_the_size_is_announced_where_the_server_asks_for_it(server):
    sent = message(1)
    send(server, [sent])

    assert f"MAIL FROM:<b-1@example.org> SIZE={len(sent.body)}" in server.commands()


def test_a_large_message_arrives_whole(server):
    text = "\n".join(["x" * 70] * 60_000)
    ledger = send(server, [message(1, text=text), message(2)])

    assert ledger.kinds == ["accepted"] * 2
    assert len(server.accepted[0].raw) > 4_000_000


def test_an_international_address_is_sent_with_smtputf8(server):
    ledger = send(server, [message(1, to="søren@example.org", utf8=True)])

    assert ledger.kinds == ["accepted"]
    assert server.accepted[0].recipient == "søren@example.org"
    assert server.commands()[1].endswith(" SMTPUTF8")


def test_an_ordinary_address_is_sent_without_smtputf8(server):
    send(server, messages(1))

    assert not any("SMTPUTF8" in said for said in server.commands())


def test_a_server_without_smtputf8_refuses_only_the_international_addresses():
    with SmtpServer(Script(extensions=("PIPELINING",))) as server:
        international = message(0, to="søren@example.org", utf8=True)
        ledger = send(server, [international, message(1)])

    assert ledger.kinds == ["permanent", "accepted"]
    assert "international" in ledger.outcomes[0].text


@pytest.mark.parametrize(
    "address",
    [
        "a@example.org>\r\nRCPT TO:<b@example.org",
        "a@example.org\nDATA",
        "a@example.org\0",
        "a b@example.org",
        "a@example.org> SIZE=1",
        "a\u2028b@example.org",
        "søren@example.org",
        "",
        "a" * 400,
    ],
)
def test_an_address_that_could_say_more_than_an_address_never_goes_out(server, address):
    bad = Outgoing(0, "b@example.org", address, message(0).body)
    ledger = send(server, [bad, message(1)])

    assert ledger.kinds == ["permanent", "accepted"]
    assert [said for said in server.commands() if said.startswith("RCPT")] == [
        f"RCPT TO:<{recipient(1)}>"
    ]


def test_a_return_path_that_could_say_more_never_goes_out(server):
    bad = Outgoing(0, "b@example.org>\r\nDATA\r\n<", "a@example.org", message(0).body)

    assert send(server, [bad]).kinds == ["permanent"]


def test_a_message_without_a_last_line_end_is_refused(server):
    bad = Outgoing(0, "b@example.org", "a@example.org", WireBody(b"Subject: x"))

    assert send(server, [bad]).outcomes[0].text.startswith("The message is not in wire form")


def test_the_null_return_path_is_allowed():
    with SmtpServer(Script()) as server:
        channel = channel_to(server)
        channel.send(iter([Outgoing(0, "", "a@example.org", wire_form(b"x: y\n\n"))]), Ledger())
        channel.close()

        assert "MAIL FROM:<>" in server.commands()[1]
