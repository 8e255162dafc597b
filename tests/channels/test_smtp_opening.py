"""Connections with TLS and a login."""

import ssl

import pytest

from channels.base import ChannelDown
from channels.smtp import SmtpAddress, SmtpChannel
from tests.channels.sending import Ledger, message, messages
from tests.smtp_server import Script, SmtpServer


def send(server, query, *, login="", context=None, count=5, scheme="smtp"):
    url = f"{scheme}://{login}127.0.0.1:{server.port}{query}"
    channel = SmtpChannel(
        SmtpAddress.parse(url), connections=2, timeout=3.0, tls_context=context, hello="me.example"
    )
    ledger = Ledger()
    try:
        channel.send(messages(count), ledger)
    finally:
        channel.close()
    return ledger


def test_starttls_is_used_where_it_is_offered(tls):
    with SmtpServer(tls=tls[0]) as server:
        ledger = send(server, "", context=tls[1])

    assert ledger.kinds == ["accepted"] * 5
    assert server.commands(1)[:2] == ["ehlo me.example", "STARTTLS"]


def test_without_an_offer_of_starttls_mail_goes_in_the_clear_unless_it_is_required(tls):
    with SmtpServer() as server:
        assert send(server, "", context=tls[1]).kinds == ["accepted"] * 5
        with pytest.raises(ChannelDown, match="STARTTLS"):
            send(server, "?tls=starttls", context=tls[1])

        assert len(server.accepted) == 5


def test_tls_none_is_in_the_clear_even_where_starttls_is_offered(tls):
    with SmtpServer(tls=tls[0]) as server:
        send(server, "?tls=none")

        assert "STARTTLS" not in server.commands()


@pytest.mark.parametrize(("scheme", "query"), [("smtp", "?tls=tls"), ("smtps", "")])
def test_tls_from_the_first_byte(tls, scheme, query):
    with SmtpServer(tls=tls[0], wrap=True) as server:
        ledger = send(server, query, context=tls[1], scheme=scheme)

    assert ledger.kinds == ["accepted"] * 5


def test_a_large_message_goes_through_tls_whole(tls):
    text = "\n".join(["x" * 70] * 60_000)
    with SmtpServer(tls=tls[0]) as server:
        address = SmtpAddress.parse(f"smtp://127.0.0.1:{server.port}?tls=starttls")
        channel, ledger = SmtpChannel(address, connections=1, tls_context=tls[1]), Ledger()
        channel.send(iter([message(0, text=text), message(1)]), ledger)
        channel.close()

    assert ledger.kinds == ["accepted"] * 2
    assert len(server.accepted[0].raw) > 4_000_000


@pytest.mark.parametrize("query", ["", "?tls=starttls"])
def test_a_certificate_that_nobody_vouches_for_takes_the_channel_down(tls, query):
    with SmtpServer(tls=tls[0]) as server:
        with pytest.raises(ChannelDown, match="certificate is not trusted"):
            send(server, query)

        assert server.accepted == []


def test_a_connection_kept_over_tls_is_used_again(tls):
    with SmtpServer(tls=tls[0]) as server:
        address = SmtpAddress.parse(f"smtp://127.0.0.1:{server.port}?tls=starttls")
        channel, ledger = SmtpChannel(address, connections=1, tls_context=tls[1]), Ledger()
        channel.send(iter([message(0)]), ledger)
        channel.send(iter([message(1)]), ledger)
        channel.close()

    assert ledger.kinds == ["accepted"] * 2
    assert server.connections == 1


def test_a_login_is_used_over_tls(tls):
    script = Script(login=("cell", "p@ss:w/rd"))
    with SmtpServer(script, tls=tls[0]) as server:
        ledger = send(server, "", login="cell:p%40ss%3Aw%2Frd@", context=tls[1])

    assert ledger.kinds == ["accepted"] * 5


def test_a_wrong_login_takes_the_channel_down_without_giving_the_password_away(tls):
    with (
        SmtpServer(Script(login=("cell", "right")), tls=tls[0]) as server,
        pytest.raises(ChannelDown, match="535 5.7.8 Wrong password") as down,
    ):
        send(server, "", login="cell:sesame@", context=tls[1])

    assert "sesame" not in down.value.reason


def test_a_password_does_not_travel_in_the_clear_unless_told_to():
    with SmtpServer(Script(login=("cell", "right"))) as server:
        with pytest.raises(ChannelDown, match="STARTTLS"):
            send(server, "", login="cell:right@", context=ssl.create_default_context())

        assert not any(said.startswith("AUTH") for said in server.commands())
        assert send(server, "?tls=none", login="cell:right@").kinds == ["accepted"] * 5


def test_a_server_that_wants_a_login_that_we_do_not_have_takes_the_channel_down():
    with (
        SmtpServer(Script(login=("cell", "right"))) as server,
        pytest.raises(ChannelDown, match="Authentication required"),
    ):
        send(server, "?tls=none")
