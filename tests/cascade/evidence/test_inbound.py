"""What comes in: found, kept, and taken for what it says and no more."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from cascade.audience.records import Suppression
from cascade.database import Database
from cascade.errors import BadInput
from cascade.evidence.confirm import Answer, confirm
from cascade.evidence.inbound import LARGEST, Received, receive
from cascade.evidence.records import InboundMessage
from cascade.links import Links
from cascade.reporting.recount import recount
from cascade.sending.records import Delivery, Event
from cascade.sending.states import DeliveryState, Grade
from tests.cascade.evidence import letters
from tests.cascade.evidence.letters import delivery_status, recipient
from tests.cascade.planted import on_sqlite, plant
from tests.cascade.sending.mail import LINKS as MAIL_LINKS
from tests.cascade.sending.mail import compiled, outgoing, toolkit
from tests.cascade.sending.mail import read as read_mail

LINKS = Links("a secret for tests that is long enough", "http://127.0.0.1:8000")
RETURNED = "bounces+{}@example.org"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A delivery that was accepted, and the place where reports about it arrive."""

    database: Database
    now: datetime
    delivery: int
    links: Links = LINKS

    @property
    def return_path(self) -> str:
        return RETURNED.format(LINKS.token("return-path", self.delivery))

    @property
    def message_id(self) -> str:
        return f"<{LINKS.token('message-id', self.delivery)}@example.org>"

    def take(self, content: bytes, to: str = "cascade@example.org", sender: str = "x") -> Received:
        with self.database.writing() as session:
            return receive(
                session,
                mail_from=sender,
                rcpt_to=to,
                content=content,
                links=self.links,
                now=self.now,
            )

    def standing(self) -> tuple[str, str]:
        """State and grade of the delivery; the counters say the same."""
        with self.database.reading() as session:
            assert recount(session) == []
            row = session.get_one(Delivery, self.delivery)
            return row.state, row.grade

    def events(self) -> list[str]:
        with self.database.reading() as session:
            return list(session.scalars(select(Event.kind).order_by(Event.id)))

    def event_details(self) -> list[str]:
        with self.database.reading() as session:
            return list(session.scalars(select(Event.detail).order_by(Event.id)))

    def suppressions(self) -> dict[str, str]:
        with self.database.reading() as session:
            return {one.email: one.reason for one in session.scalars(select(Suppression))}

    def kept(self) -> list[InboundMessage]:
        with self.database.reading() as session:
            return list(session.scalars(select(InboundMessage)))


@pytest.fixture
def mailbox(database: Database, now: datetime) -> Mailbox:
    with database.writing() as session:
        planted = plant(session, now, ["care-homes"] * 2)
    return Mailbox(database, now, planted.deliveries[0])


def test_a_hard_bounce_to_the_return_path_ends_the_delivery_and_the_address(
    mailbox: Mailbox,
) -> None:
    received = mailbox.take(delivery_status(recipient()), mailbox.return_path, "")
    assert (received.kind, received.delivery_id) == ("delivery-status", mailbox.delivery)
    assert received.effect.startswith("bounced: it was not delivered (5.1.1)")
    assert mailbox.standing() == ("bounced", "F")
    assert mailbox.events() == ["bounced"]
    assert mailbox.suppressions() == {"pat0@example.org": "bounced"}


@on_sqlite
@pytest.mark.parametrize(
    ("action", "status", "event", "standing"),
    [
        ("failed", "5.2.2", "bounced", ("bounced", "F")),
        ("failed (mailbox full)", "5.0.0", "bounced", ("bounced", "F")),
        ("Failed", "4.4.7", "bounced", ("bounced", "F")),
        ("", "5.7.1", "bounced", ("bounced", "F")),
        ("delayed", "4.4.1", "delayed", ("accepted", "E")),
        ("", "4.4.1", "delayed", ("accepted", "E")),
        ("delivered", "2.0.0", "delivered", ("delivered", "D")),
        ("expanded", "2.0.0", "delivered", ("delivered", "D")),
        ("relayed", "2.0.0", "relayed", ("accepted", "E")),
        ("vaporised", "9.9.9", "reported", ("accepted", "E")),
        ("", "", "reported", ("accepted", "E")),
    ],
)
def test_a_delivery_status_report_moves_the_delivery_as_far_as_it_says(
    mailbox: Mailbox, action: str, status: str, event: str, standing: tuple[str, str]
) -> None:
    mailbox.take(
        delivery_status(recipient(action=action, status=status, diagnosis="")), mailbox.return_path
    )
    assert mailbox.events() == [event]
    assert mailbox.standing() == standing
    assert mailbox.suppressions() == {}


@on_sqlite
def test_an_address_that_ours_forwards_to_is_not_suppressed_when_it_bounces(
    mailbox: Mailbox,
) -> None:
    mailbox.take(delivery_status(recipient("elsewhere@example.org")), mailbox.return_path)
    assert mailbox.standing() == ("bounced", "F")
    assert mailbox.suppressions() == {}


@on_sqlite
def test_of_several_recipients_the_one_of_the_delivery_counts(mailbox: Mailbox) -> None:
    content = delivery_status(
        recipient("other@example.org"), recipient("PAT0@example.org", "delayed", "4.2.2", "")
    )
    mailbox.take(content, mailbox.return_path)
    assert mailbox.events() == ["delayed"]


@on_sqlite
def test_a_report_that_says_different_things_of_strangers_changes_nothing(mailbox: Mailbox) -> None:
    content = delivery_status(
        recipient("a@example.org"), recipient("b@example.org", "delivered", "2.0.0", "")
    )
    mailbox.take(content, mailbox.return_path)
    assert mailbox.events() == ["reported"]
    assert mailbox.standing() == ("accepted", "E")


@on_sqlite
def test_the_status_in_the_servers_own_words_is_used_where_the_field_says_only_the_class(
    mailbox: Mailbox,
) -> None:
    mailbox.take(delivery_status(recipient(status="5.0.0")), mailbox.return_path)
    assert mailbox.suppressions() == {"pat0@example.org": "bounced"}


@on_sqlite
@pytest.mark.parametrize(
    "mangle",
    [
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: text.replace(b"\n\nFinal", b"\n\n\n\nFinal"),
        lambda text: text.replace(b"\n\n--7B", b"\n--7B"),
        lambda text: text.replace(b"message/delivery-status", b"MESSAGE/Delivery-Status"),
        lambda text: text.replace(b"message/delivery", b"message/global-delivery"),
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: b"From MAILER-DAEMON Sat Nov 21 09:30:00 2026\n" + text,
        lambda text: text[
            : text.index(b"--7B1F2C.1763717400/mail.example.org\nContent-Type: text/r")
        ],
    ],
    ids=["crlf", "blank-lines", "no-blank-line", "case", "global", "bom", "mbox", "cut-off"],
)
def test_a_report_is_read_in_the_shapes_that_servers_give_it(
    mailbox: Mailbox, mangle: Callable[[bytes], bytes]
) -> None:
    mailbox.take(mangle(delivery_status(recipient())), mailbox.return_path)
    assert mailbox.events() == ["bounced"]


@on_sqlite
def test_a_report_whose_second_group_a_gateway_has_encoded_is_read(mailbox: Mailbox) -> None:
    encoded = base64.encodebytes(recipient().encode()).decode()
    content = delivery_status("Content-Transfer-Encoding: base64\n", encoded)
    content = content.replace(b"+0000\n\nContent-Tr", b"+0000\nContent-Tr")
    mailbox.take(content, mailbox.return_path)
    assert mailbox.events() == ["bounced"]


def test_the_same_report_twice_is_one(mailbox: Mailbox) -> None:
    content = delivery_status(recipient())
    first = mailbox.take(content, mailbox.return_path)
    second = mailbox.take(content, mailbox.return_path)
    assert second.effect == f"received before: {first.effect}"
    assert (len(mailbox.kept()), mailbox.events()) == (1, ["bounced"])


@on_sqlite
def test_a_report_is_kept_byte_for_byte(mailbox: Mailbox) -> None:
    content = delivery_status(recipient()) + b"\x00\xff"
    mailbox.take(content, mailbox.return_path, "")
    assert mailbox.kept()[0].content == content


@on_sqlite
def test_without_a_return_path_the_returned_message_id_finds_the_delivery(mailbox: Mailbox) -> None:
    received = mailbox.take(delivery_status(recipient(), message_id=mailbox.message_id))
    assert received.delivery_id == mailbox.delivery


@on_sqlite
def test_the_address_in_the_headers_finds_the_delivery_of_a_saved_message(mailbox: Mailbox) -> None:
    received = mailbox.take(delivery_status(recipient(), to=mailbox.return_path), "")
    assert received.delivery_id == mailbox.delivery


@on_sqlite
@pytest.mark.parametrize(
    "forge",
    [
        lambda token: token[:-1] + ("a" if token[-1] != "a" else "b"),
        lambda token: f"{int(token.partition('-')[0], 16) + 1:x}-{token.partition('-')[2]}",
        lambda token: token.partition("-")[0],
    ],
    ids=["signature", "number", "unsigned"],
)
def test_a_forged_return_path_finds_nothing(mailbox: Mailbox, forge: Callable[[str], str]) -> None:
    token = forge(LINKS.token("return-path", mailbox.delivery))
    received = mailbox.take(delivery_status(recipient()), RETURNED.format(token))
    assert (received.kind, received.delivery_id) == ("unknown", None)
    assert mailbox.standing() == ("accepted", "E")
    assert len(mailbox.kept()) == 1


@on_sqlite
def test_a_report_about_a_message_not_known_yet_is_looked_at_again_when_it_comes_again(
    mailbox: Mailbox,
) -> None:
    content = delivery_status(recipient("pat2@example.org"))
    to = RETURNED.format(LINKS.token("return-path", 3))
    assert mailbox.take(content, to).kind == "unknown"
    with mailbox.database.writing() as session:
        plant(session, mailbox.now, ["care-homes"], prefix="later-")
    assert mailbox.take(content, to).delivery_id == 3
    assert len(mailbox.kept()) == 1


def test_a_late_bounce_takes_back_what_the_server_had_said_but_not_what_a_person_said(
    mailbox: Mailbox,
) -> None:
    with mailbox.database.writing() as session:
        confirm(session, mailbox.delivery, Answer("received", "Pat", "manager"), now=mailbox.now)
    mailbox.take(delivery_status(recipient()), mailbox.return_path)
    assert mailbox.standing() == ("bounced", "A")


@on_sqlite
def test_a_bounce_before_the_acceptance_was_recorded_is_no_longer_waiting(
    database: Database, now: datetime
) -> None:
    with database.writing() as session:
        planted = plant(session, now, ["care-homes"], state=DeliveryState.CLAIMED, grade=Grade.F)
    mailbox = Mailbox(database, now, planted.deliveries[0])
    mailbox.take(delivery_status(recipient()), mailbox.return_path)
    assert mailbox.standing() == ("bounced", "F")


@on_sqlite
@pytest.mark.parametrize(
    ("type_", "event", "grade"),
    [
        ("displayed", "displayed", "C"),
        ("Displayed", "displayed", "C"),
        ("deleted", "deleted", "E"),
        ("dispatched", "reported", "E"),
        ("displayed/error", "reported", "E"),
        ("", "reported", "E"),
    ],
)
def test_only_a_receipt_that_says_displayed_is_evidence_of_display(
    mailbox: Mailbox, type_: str, event: str, grade: str
) -> None:
    content = letters.DISPOSITION.format(message_id=mailbox.message_id, type=type_).encode()
    received = mailbox.take(content)
    assert received.kind == "disposition"
    assert mailbox.events() == [event]
    assert mailbox.standing() == ("accepted", grade)


@on_sqlite
@pytest.mark.parametrize("type_", ["abuse", "fraud"])
def test_a_complaint_stops_all_mail_to_the_address(mailbox: Mailbox, type_: str) -> None:
    content = letters.COMPLAINT.format(
        type=type_, message_id=mailbox.message_id, mail_from="x@example.org"
    ).encode()
    assert mailbox.take(content).kind == "complaint"
    assert mailbox.events() == ["complained"]
    assert mailbox.suppressions() == {"pat0@example.org": "complained"}
    assert mailbox.standing() == ("accepted", "E")


@on_sqlite
@pytest.mark.parametrize("type_", ["not-spam", "auth-failure", ""])
def test_a_feedback_report_that_is_no_complaint_stops_nothing(mailbox: Mailbox, type_: str) -> None:
    content = letters.COMPLAINT.format(
        type=type_, message_id="", mail_from=mailbox.return_path
    ).encode()
    mailbox.take(content)
    assert mailbox.events() == ["feedback"]
    assert mailbox.suppressions() == {}


@on_sqlite
def test_a_bounce_that_calls_itself_automatic_is_a_bounce(mailbox: Mailbox) -> None:
    content = delivery_status(recipient())
    assert b"Auto-Submitted: auto-replied" in content
    assert mailbox.take(content, mailbox.return_path).kind == "delivery-status"


@on_sqlite
@pytest.mark.parametrize(
    ("letter", "sender", "kind", "event"),
    [
        (letters.AWAY, "pat0@example.org", "auto-reply", "auto-replied"),
        (letters.AWAY, "", "auto-reply", "auto-replied"),
        (letters.CHAT, "pat0@example.org", "reply", "replied"),
        (letters.REPLY, "<>", "notice", "notice"),
    ],
)
def test_a_letter_is_an_event_and_evidence_of_nothing(
    mailbox: Mailbox, letter: str, sender: str, kind: str, event: str
) -> None:
    content = letter.format(message_id=mailbox.message_id).encode()
    received = mailbox.take(content, sender=sender)
    assert (received.kind, received.delivery_id) == (kind, mailbox.delivery)
    assert mailbox.events() == [event]
    assert mailbox.standing() == ("accepted", "E")


@on_sqlite
def test_a_person_who_forwards_a_report_as_an_attachment_has_not_reported(mailbox: Mailbox) -> None:
    inner = delivery_status(recipient(), message_id=mailbox.message_id)
    content = (
        f"From: pat0@example.org\nIn-Reply-To: {mailbox.message_id}\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=out\n\n--out\n\nWhat is this?\n--out\n"
        "Content-Type: message/rfc822\n\n"
    ).encode() + inner
    assert mailbox.take(content + b"\n--out--\n").kind == "reply"
    assert mailbox.standing() == ("accepted", "E")


@on_sqlite
def test_a_message_above_the_limit_is_refused(mailbox: Mailbox) -> None:
    with pytest.raises(BadInput):
        mailbox.take(b"x" * (LARGEST + 1))
    assert mailbox.kept() == []


PIECES = st.sampled_from(
    [
        *(b"Content-Type: multipart/report; boundary=b\n", b"\n--b\n", b"\n--b--\n", b"\n\n"),
        *(b"Content-Type: message/delivery-status\n\n", b"Content-Type: message/rfc822\n\n"),
        *(b"Content-Type: message/disposition-notification\n\n", b"Action: failed\n"),
        *(b"Content-Type: message/feedback-report\n\n", b"Feedback-Type: abuse\n"),
        *(b"Content-Transfer-Encoding: base64\n", b"Content-Transfer-Encoding: x\n"),
        *(b"Status: 5.1.1\n", b"Final-Recipient: rfc822; pat0@example.org\n"),
        *(b"Subject: =?utf-8?b?/w==?=\n", b"Subject: =?nope?q?x?=\n", b"Message-ID: \xff\n"),
        *(b"Content-Type: multipart/mixed; boundary*0*=utf-8''%ff\n", b"Disposition: ;;/\n"),
        *(b"\x00", b"\r", b"\xff\xfe", b"Content-Type: text/rfc822-headers\n\n", b" \n"),
    ]
)


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(content=st.lists(PIECES | st.binary(max_size=60), max_size=25).map(b"".join))
def test_any_bytes_are_kept_and_recorded(mailbox: Mailbox, content: bytes) -> None:
    received = mailbox.take(content, mailbox.return_path)
    assert received.delivery_id == mailbox.delivery
    with mailbox.database.reading() as session:
        kept = session.scalars(
            select(InboundMessage).where(InboundMessage.content == content)
        ).one()
        assert kept.effect
        assert session.scalar(select(func.count(Event.id)))


@on_sqlite
@pytest.mark.parametrize(
    "content",
    [
        b"".join(
            b"Content-Type: multipart/mixed; boundary=a%d\n\n--a%d\n" % (n, n) for n in range(1000)
        ),
        b"Content-Type: message/rfc822\n\n" * 50_000,
        b"Content-Type: message/delivery-status\n\n" + b"\n" * 500_000,
        b"Content-Type: multipart/report; boundary=a\n\n" + b"--a\n\nx\n" * 50_000,
        b"Subject: " + b"=?a?q?" * 50_000,
    ],
    ids=["nested", "messages", "blank", "parts", "words"],
)
def test_a_message_made_to_cost_much_is_kept_all_the_same(mailbox: Mailbox, content: bytes) -> None:
    mailbox.take(content, mailbox.return_path)
    assert mailbox.kept()[0].content == content
    assert mailbox.standing() == ("accepted", "E")


@on_sqlite
def test_reports_and_replies_to_a_message_as_it_was_mailed_find_its_delivery(
    mailbox: Mailbox,
) -> None:
    sent = outgoing(compiled(toolkit("cold-snap")), delivery=mailbox.delivery)
    sent_id = read_mail(sent.body)["Message-ID"]
    links = replace(mailbox, links=MAIL_LINKS)
    bounce = links.take(delivery_status(recipient()), sent.sender)
    reply = links.take(letters.REPLY.format(message_id=sent_id).encode())
    assert (bounce.delivery_id, reply.delivery_id) == (mailbox.delivery, mailbox.delivery)
