"""The mail catcher as a real server, and what it shows."""

import smtplib
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from channels.catcher import CaughtMail, MailCatcher
from channels.catcher.store import subject_of
from channels.smtp import SmtpAddress, SmtpChannel
from tests.channels.sending import Ledger, message, messages, recipient


@pytest.fixture
def caught(tmp_path):
    return CaughtMail(tmp_path / "caught.db")


@pytest.fixture
def catcher(tmp_path):
    catcher = MailCatcher(tmp_path / "caught.db")
    catcher.start()
    yield catcher
    catcher.stop()


def send(catcher, to_send, connections=4):
    address = SmtpAddress.parse(f"smtp://127.0.0.1:{catcher.port}?tls=none")
    channel, ledger = SmtpChannel(address, connections=connections, timeout=5.0), Ledger()
    channel.send(iter(to_send), ledger)
    channel.close()
    return ledger


def test_everything_sent_is_caught_once(catcher, caught):
    ledger = send(catcher, messages(200))

    assert ledger.kinds == ["accepted"] * 200
    assert caught.count() == 200
    assert {s.recipients[0] for s in caught.page(limit=500)} == {recipient(k) for k in range(200)}


def test_what_was_accepted_is_in_the_file_before_the_sender_knows(catcher, caught):
    counts = []
    address = SmtpAddress.parse(f"smtp://127.0.0.1:{catcher.port}?tls=none")
    channel = SmtpChannel(address, connections=1)
    channel.send(messages(5), lambda outcomes: counts.append(caught.count()))
    channel.close()

    assert counts == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("text", [".", "..", ".\n.\n", "ends with a dot.\nand another.", "a\n\n.b"])
def test_a_message_is_kept_byte_for_byte(catcher, caught, text):
    send(catcher, [message(7, text=text)])
    found = caught.get(1)

    assert found.raw.decode().replace("\r\n", "\n").endswith(f"Subject: 7\n\n{text}\n")


def test_an_empty_message_is_a_message(catcher, caught):
    with smtplib.SMTP("127.0.0.1", catcher.port) as client:
        client.ehlo("x")
        client.mail("a@example.org")
        client.rcpt("b@example.org")
        client.docmd("DATA")
        assert client.docmd(".")[0] == 250

    assert caught.get(1).raw == b""


def test_a_summary_says_who_when_and_what(catcher, caught):
    send(catcher, [message(3)])
    (summary,) = caught.page()

    assert (summary.id, summary.sender, summary.subject) == (1, "b-3@example.org", "3")
    assert summary.recipients == (recipient(3),)
    assert datetime.now(UTC) - summary.received_at < timedelta(minutes=1)


def test_a_message_is_read_with_its_parts(catcher, caught):
    send(catcher, [message(3)])

    assert caught.get(1).parsed()["Message-ID"] == "<3@example.org>"


def test_pages_come_newest_first(catcher, caught):
    send(catcher, messages(5), connections=1)

    assert [s.subject for s in caught.page(1, 3)] == ["3", "2", "1"]


def test_search_looks_in_addresses_and_subjects_for_exactly_what_is_asked(catcher, caught):
    send(
        catcher,
        [message(1), message(2, to="a_b%c@example.org"), message(3, to="axbyc@example.org")],
    )

    assert caught.count("r1@") == 1
    assert [s.subject for s in caught.page(search="a_b%c")] == ["2"]
    assert caught.count("EXAMPLE.ORG") == 3


def test_what_is_not_there_is_none(caught):
    assert caught.get(99) is None
    assert caught.page() == []


def test_caught_mail_outlives_the_catcher(tmp_path, caught):
    for key in (1, 2):
        catcher = MailCatcher(tmp_path / "caught.db")
        catcher.start()
        send(catcher, [message(key)])
        catcher.stop()

    assert caught.count() == 2


def test_international_addresses_are_caught(catcher, caught):
    ledger = send(catcher, [message(1, to="søren@example.org", utf8=True)])

    assert ledger.kinds == ["accepted"]
    assert caught.page()[0].recipients == ("søren@example.org",)


def test_it_listens_on_this_machine_only(catcher):
    assert catcher._socket.getsockname()[0] == "127.0.0.1"


def test_a_file_that_cannot_be_written_is_a_temporary_refusal(catcher, tmp_path):
    with sqlite3.connect(tmp_path / "caught.db") as database:
        database.execute("drop table caught")
    ledger = send(catcher, [message(1)])

    assert ledger.kinds == ["temporary"]
    assert "Cannot be kept" in ledger.outcomes[1].text


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"Subject: Plain\r\n\r\n", "Plain"),
        (b"X: y\r\nsubject: Folded\r\n  over two\r\nZ: x\r\n\r\n", "Folded over two"),
        (b"Subject: =?utf-8?b?w6k=?=\r\n =?utf-8?b?w6g=?=\r\n\r\n", "éè"),
        (b"X: y\r\n\r\nSubject: in the body\r\n", ""),
        (b"Subject: =?nonsense?b?w6k=?=\r\n\r\n", ""),
        (b"", ""),
    ],
)
def test_a_subject_is_read_as_a_person_reads_it(raw, subject):
    assert subject_of(raw) == subject
