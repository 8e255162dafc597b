"""What each refusal means for the message and for the channel."""

import pytest

from channels.base import ChannelDown
from channels.smtp.replies import Reply
from channels.smtp.verdict import judge
from tests.channels.sending import Ledger, channel_to, message, messages, recipient
from tests.smtp_server import EXTENSIONS, Script, SmtpServer

STEP_BY_STEP = tuple(name for name in EXTENSIONS if name != "PIPELINING")


@pytest.fixture(params=[EXTENSIONS, STEP_BY_STEP], ids=["pipelined", "step by step"])
def server(request):
    with SmtpServer(Script(extensions=request.param)) as server:
        yield server


def send(server, to_send, **options):
    ledger, channel = Ledger(), channel_to(server, **options)
    try:
        channel.send(iter(to_send), ledger)
    finally:
        channel.close()
    return ledger


@pytest.mark.parametrize(
    ("stage", "reply", "verdict"),
    [
        ("mail", Reply(552, (b"5.3.4 Too big",)), "permanent"),
        ("mail", Reply(550, (b"5.6.7 No international addresses",)), "permanent"),
        ("mail", Reply(550, (b"5.1.8 Sender refused",)), "down"),
        ("mail", Reply(452, (b"4.3.1 Out of space",)), "down"),
        ("mail", Reply(530, (b"5.7.0 Sign in",)), "down"),
        ("rcpt", Reply(530, (b"5.7.0 Sign in",)), "down"),
        ("rcpt", Reply(550, (b"5.1.1 No such user",)), "permanent"),
        ("rcpt", Reply(550, (b"no such user",)), "permanent"),
        ("rcpt", Reply(450, (b"4.2.0 Greylisted",)), "temporary"),
        ("rcpt", Reply(552, (b"full",)), "temporary"),
        ("rcpt", Reply(554, (b"5.7.1 Relay access denied",)), "temporary"),
        ("rcpt", Reply(550, (b"5.2.2 Over quota",)), "temporary"),
        ("data", Reply(554, (b"No",)), "permanent"),
        ("body", Reply(554, (b"5.7.1 Looks like spam",)), "permanent"),
        ("body", Reply(552, (b"5.2.2 Over quota",)), "temporary"),
        ("body", Reply(552, (b"5.3.4 Too big",)), "permanent"),
        ("body", Reply(451, (b"4.3.0 Later",)), "temporary"),
    ],
)
def test_the_verdict_goes_by_stage_and_code(stage, reply, verdict):
    assert judge(stage, reply) == verdict


@pytest.mark.parametrize(
    ("stage", "words", "kind"),
    [
        ("rcpt", "550 5.1.1 No such user", "permanent"),
        ("rcpt", "450 4.2.0 Greylisted", "temporary"),
        ("data", "554 5.7.1 No", "permanent"),
        ("data", "451 4.7.1 Not now", "temporary"),
        ("body", "554 5.7.1 Looks like spam", "permanent"),
        ("body", "451 4.3.0 Not now", "temporary"),
    ],
)
def test_a_refused_message_leaves_the_ones_around_it_alone(server, stage, words, kind):
    server.script.replies[stage, recipient(1)] = words
    ledger = send(server, messages(4))

    assert ledger.kinds == ["accepted", kind, "accepted", "accepted"]
    assert server.connections == 1
    refused = ledger.outcomes[1]
    assert (refused.stage, refused.code, refused.enhanced) == (stage, *_split(words))


def _split(words):
    code, enhanced, *_ = words.split()
    return int(code), enhanced


def test_every_message_may_be_refused(server):
    server.script.replies["rcpt", "*"] = "550 5.1.1 No such user"

    assert send(server, messages(20), connections=3).kinds == ["permanent"] * 20


def test_a_server_that_wants_data_after_refusing_the_recipient_gets_an_empty_one(server):
    server.script.replies["rcpt", recipient(0)] = "550 5.1.1 No such user"
    server.script.replies["data", recipient(0)] = "354 Go on anyway"
    ledger = send(server, messages(2))

    assert ledger.kinds == ["permanent", "accepted"]
    assert [m.message_id for m in server.accepted] == ["<1@example.org>"]


def test_a_message_too_big_for_the_server_is_refused_alone(server):
    server.script.replies["mail", "b-1@example.org"] = "552 5.3.4 Too big"

    assert send(server, messages(3)).kinds == ["accepted", "permanent", "accepted"]


@pytest.mark.parametrize("words", ["550 5.7.1 Sender refused", "452 4.3.1 Out of space"])
def test_a_refused_sender_takes_the_channel_down_and_blames_no_message(server, words):
    server.script.replies["mail", "*"] = words
    ledger = Ledger()

    with pytest.raises(ChannelDown) as down:
        channel_to(server, connections=3).send(messages(50), ledger)

    assert words in down.value.reason
    assert 1 <= len(ledger.outcomes) <= 6
    assert set(ledger.kinds) == {"unsent"}


def test_a_sender_refused_on_the_way_lets_what_is_in_flight_finish(server):
    server.script.replies["mail", "b-5@example.org"] = "450 4.7.1 Too many from you"
    ledger = Ledger()

    with pytest.raises(ChannelDown, match="Too many from you"):
        channel_to(server).send(messages(50), ledger)

    assert ledger.kinds == ["accepted"] * 5 + ["unsent"]
    assert len(server.accepted) == 5


def test_a_server_that_wants_a_login_in_the_middle_takes_the_channel_down(server):
    server.script.replies["rcpt", recipient(1)] = "530 5.7.0 Authentication required"

    with pytest.raises(ChannelDown, match="Authentication required"):
        send(server, messages(3))


def test_hostile_words_are_made_harmless(server):
    server.script.replies["rcpt", recipient(0)] = "550 5.1.1 \x1b[31mNo\x07 " + "x" * 1500
    text = send(server, [message(0)]).outcomes[0].text

    assert text.isprintable()
    assert len(text) <= 500
