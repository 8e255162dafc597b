"""Replies as people write them: an answer when it is plain, and nothing at all otherwise."""

from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cascade.database import Database
from cascade.evidence.confirm import Answer, checked
from cascade.evidence.reading import Kind, read
from cascade.evidence.records import Confirmation
from cascade.evidence.replying import Unclear, read_reply, why_not
from cascade.links import Links
from cascade.sending.framing import REPLY_WORDS
from cascade.sending.reference import reference
from cascade.sending.states import Tier
from tests.cascade.evidence import letters
from tests.cascade.evidence.test_inbound import LINKS, Mailbox, mailbox
from tests.cascade.planted import on_sqlite
from tests.cascade.sending.mail import compiled, html, mail, text, toolkit

__all__ = ["mailbox"]

OURS = mail(compiled(toolkit("cold-snap")))
DRILL = mail(compiled(toolkit("cold-snap"), tier=Tier.IMMEDIATE, exercise=True))
OUR_TEXT = text(OURS)
QUOTED = "\n".join(f"> {line}".rstrip() for line in OUR_TEXT.splitlines())

GMAIL = f"""\
Pat Lee, Manager, RECEIVED

On Sat, 21 Nov 2026 at 09:30, Westshire NHS <
cascade@example.org> wrote:

{QUOTED}
"""
OUTLOOK = f"""\
Hi,

PASSED ON 12

Kind regards

Pat Lee
Deputy Manager
Oak House

________________________________
From: Westshire NHS <cascade@example.org>
Sent: 21 November 2026 09:30
To: Pat Lee <pat0@example.org>
Subject: [URGENT] Cold snap

{OUR_TEXT}
"""
OLD_OUTLOOK = f"""\
CALL ME on 01632 960 123
Pat Lee
Practice manager

-----Original Message-----
From: Westshire NHS
{OUR_TEXT}
"""
IPHONE = f"""\
Received. Pat lee-Jones, nurse in charge

Sent from my iPhone

> On 21 Nov 2026, at 09:30, Westshire NHS <cascade@example.org> wrote:
>
{QUOTED}
"""
GERMAN = f"""\
ACTING
Pat Lee
Owner

Am Sa., 21. Nov. 2026 um 09:30 Uhr schrieb Westshire NHS
<cascade@example.org>:

{QUOTED}
"""


def plain(answer: str, headcount: int | None = None, comment: str = "") -> Answer:
    """An answer by Pat Lee, manager."""
    return Answer(answer, "Pat Lee", "manager", headcount, comment)


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        (GMAIL, Answer("received", "Pat Lee", "Manager")),
        (OUTLOOK, Answer("passed-on", "Pat Lee", "Deputy Manager", 12, "Oak House")),
        (OLD_OUTLOOK, Answer("call-me", "Pat Lee", "Practice manager", None, "on 01632 960 123")),
        (GERMAN, Answer("acting", "Pat Lee", "Owner")),
        (f"ACTING\nPat Lee\nmanager\n{OUR_TEXT}", plain("acting")),
        ("Received. Pat Lee, nurse in charge", Answer("received", "Pat Lee", "nurse in charge")),
        ("RECEIVED. Pat, manager", Answer("received", "Pat", "manager")),
        ("RECEIVED Pat Lee, manager", plain("received")),
        ("received with thanks\r\nPat Lee\r\nmanager\r\n", plain("received")),
        ("We have RECEIVED this, Pat Lee, manager", plain("received")),
        ("Pat Lee - manager - acting on it", plain("acting")),
        ("Pat Lee, Acting Manager, RECEIVED", Answer("received", "Pat Lee", "Acting Manager")),
        ("This is NOT FOR US. Pat Lee, manager.", plain("not-for-us")),
        ("not for us\nPat Lee\nmanager", plain("not-for-us")),
        ("Please call me!\nPat Lee, manager, 01632 960123", plain("call-me", None, "01632 960123")),
        ("PASSED ON to 12 staff. Pat Lee, manager", plain("passed-on", 12)),
        ("passed on to 12 staff\nPat Lee\nmanager", plain("passed-on", 12)),
        ("PASSED ON 1,200, Pat Lee, manager", plain("passed-on", 1200)),
        ("PASSED ON, Pat Lee, manager", plain("passed-on")),
        ("Passed on to all our staff\nPat Lee\nmanager", plain("passed-on")),
        (
            "Role: manager\nName: pat lee\nAnswer: RECEIVED",
            Answer("received", "pat lee", "manager"),
        ),
        ("YOUR NAME: Pat Lee, YOUR ROLE: manager, RECEIVED", plain("received")),
        ("RECEIVED - we have read it\nPat Lee\nmanager", plain("received")),
        ("*RECEIVED*\n\nDr. M. van den Berg\nGP", Answer("received", "Dr. M. van den Berg", "GP")),
        ("RECEIVED\nRECEIVED\nPat Lee, manager", plain("received")),
        ("RECEIVED, ثناء خان, manager", Answer("received", "ثناء خان", "manager")),
        (
            "[EXTERNAL] Take care with links\nin this mail.\n\nACTING, Pat Lee, manager",
            plain("acting"),
        ),
        ("ACTING, Pat Lee, manager\n-- \nNOT FOR US, CALL ME?", plain("acting")),
        ("ACTING, Pat Lee, manager, heating is on", plain("acting", None, "heating is on")),
    ],
)
def test_an_answer_with_a_name_and_a_role_is_read(reply: str, answer: Answer) -> None:
    assert read_reply(reply) == answer
    assert why_not(reply) == ""


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("", Unclear.NO_WORD),
        ("Thank you, Pat Lee, manager", Unclear.NO_WORD),
        ("Pat Lee\nActing manager", Unclear.NO_WORD),
        ("I received two of these, Pat Lee, manager", Unclear.NO_WORD),
        (f"{QUOTED}\n\nRECEIVED, Pat Lee, manager", Unclear.NO_WORD),
        ("RECEIVED and ACTING, Pat Lee, manager", Unclear.SENTENCE),
        ("RECEIVED, ACTING, Pat Lee, manager", Unclear.SEVERAL_WORDS),
        ("PASSED ON 12, Pat Lee, manager, PASSED ON 13", Unclear.SEVERAL_WORDS),
        ("RECEIVED\nPat Lee\nmanager\ncall me", Unclear.SEVERAL_WORDS),
        ("We have NOT RECEIVED this, Pat Lee, manager", Unclear.SENTENCE),
        ("Message RECEIVED, Pat Lee, manager", Unclear.SENTENCE),
        ("Not, RECEIVED, Pat Lee, manager", Unclear.DOUBT),
        ("RECEIVED, Pat Lee, manager, but we can’t open it", Unclear.DOUBT),
        ("RECEIVED, Pat Lee, manager. Is this real?", Unclear.DOUBT),
        ("RECEIVED", Unclear.NO_PERSON),
        ("RECEIVED, thanks", Unclear.NO_PERSON),
        ("RECEIVED\nPat Lee", Unclear.NO_PERSON),
        ("RECEIVED\nPat Lee\nOak House", Unclear.NO_PERSON),
        ("RECEIVED\nPat Lee\nSam Okafor", Unclear.NO_PERSON),
        ("RECEIVED, manager, Pat Lee", Unclear.NO_PERSON),
        ("RECEIVED, YOUR NAME, YOUR ROLE", Unclear.NO_PERSON),
        ("RECEIVED, Name: YOUR NAME, Role: YOUR ROLE", Unclear.NO_PERSON),
        ("Name: Pat Lee\nName: Sam Okafor\nRole: manager\nRECEIVED", Unclear.NO_PERSON),
        ("Status: RECEIVED, Pat Lee, manager", Unclear.NO_PERSON),
        ("RECEIVED. We will tell the night staff tomorrow, Pat Lee, manager", Unclear.NO_PERSON),
        ("Thanks Ann, RECEIVED, Pat Lee, manager", Unclear.NO_PERSON),
        ("PASSED ON twelve, Pat Lee, manager", Unclear.NO_PERSON),
        ("PASSED ON 12-15, Pat Lee, manager", Unclear.NO_WORD),
        ("PASSED ON 12345678, Pat Lee, manager", Unclear.NO_WORD),
        ("RECEIVED, Pat Lee, pat0@example.org", Unclear.NO_PERSON),
        (f"RECEIVED\n{OUR_TEXT}", Unclear.NO_PERSON),
        ("Line\n" * 8 + "RECEIVED, Pat Lee, manager", Unclear.NO_WORD),
    ],
)
def test_what_is_not_plain_is_left_to_a_person(reply: str, why: Unclear) -> None:
    assert read_reply(reply) is None
    assert why_not(reply) == why


WORDS = [
    *REPLY_WORDS,
    *REPLY_WORDS.values(),
    "Pat Lee",
    "manager",
    "received",
    "passed on to 3 staff",
]
WORDS += [
    "Name: ",
    "Role: ",
    "Hi",
    "-- ",
    "On ",
    " wrote:",
    "> ",
    ", ",
    "\n",
    " - ",
    ". ",
    "?",
    "é",
    "\ud800",
]
replies = st.text() | st.lists(st.sampled_from(WORDS) | st.text(max_size=5), max_size=12).map(
    "".join
)


@settings(max_examples=400)
@given(reply=replies)
def test_any_text_is_a_whole_answer_or_says_why_it_is_none(reply: str) -> None:
    answer = read_reply(reply)
    if answer is None:
        assert why_not(reply) in list(Unclear)
    else:
        assert checked(answer) == answer


@settings(max_examples=300)
@given(
    words=st.sampled_from([OUR_TEXT, html(OURS), text(DRILL), html(DRILL)]),
    prefix=st.sampled_from(["", "> ", ">", "| ", "    ", "* "]),
    above=st.sampled_from(["", "\n\n", "Thank you, Pat Lee, manager\n", "Pat Lee\nmanager\n\n"]),
    start=st.integers(0, 40),
)
def test_our_own_mail_quoted_in_any_way_is_no_answer(
    words: str, prefix: str, above: str, start: int
) -> None:
    quoted = "\n".join(prefix + line for line in words.splitlines()[start:])
    assert read_reply(above + quoted) is None


def test_our_own_mail_sent_back_as_html_is_no_answer() -> None:
    content = b"Subject: Fwd\nContent-Type: text/html; charset=utf-8\n\n" + html(DRILL).encode()
    assert read_reply(read(content).text) is None


@pytest.mark.parametrize(
    "hostile", ["ACTING ", "originated ", "t. ", "thanks ", "your ", "<!--", "<a "]
)
def test_text_made_to_cost_much_is_read_quickly(hostile: str) -> None:
    assert read_reply(hostile * 25_000) is None
    content = b"Content-Type: text/html\n\n" + (hostile * 25_000).encode()
    assert read_reply(read(content).text) is None


@pytest.mark.parametrize(
    "charset", ["nonsense", "rot13", "punycode", "unicode-escape", "raw-unicode-escape", "a\x00b"]
)
def test_words_in_a_charset_that_is_none_are_read_as_utf_8(charset: str) -> None:
    head = f"Content-Type: text/html; charset={charset}\n\n"
    words = "ACTING, José, manager<p>\\ud800" + "x" * 100_000
    assert read((head + words).encode()).text.startswith("ACTING, José, manager\n\\ud800")


def reply_to(message_id: str = "", subject: str = "Re: Cold snap", **headers: str) -> EmailMessage:
    """A reply without words in it."""
    message = EmailMessage()
    message["From"], message["To"] = "Pat <pat0@example.org>", "Cascade <cascade@example.org>"
    message["Subject"] = subject
    if message_id:
        message["In-Reply-To"] = message_id
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return message


RICH = """\
<html><head><title>CALL ME</title><style>p {{ color: ACTING }}</style></head><body>
<div dir="ltr">PASSED&nbsp;ON 12</div>
<p>Pat <b>Lee</b><br>manager</p><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">{}</div>
</body></html>"""


def confirmations(database: Database) -> list[tuple[str, str, str, int | None, str]]:
    """Every answer kept."""
    with database.reading() as session:
        kept = session.scalars(select(Confirmation).order_by(Confirmation.id))
        return [(one.answer, one.name, one.role, one.headcount, one.via) for one in kept]


@on_sqlite
def test_a_reply_that_carries_an_answer_confirms_once(mailbox: Mailbox) -> None:
    content = letters.REPLY.format(message_id=mailbox.message_id).encode()
    received = mailbox.take(content)
    assert received.effect == "confirmed by a reply: received, Pat, manager"
    assert mailbox.take(content).effect == f"received before: {received.effect}"
    assert mailbox.standing() == ("accepted", "A")
    assert mailbox.events() == ["confirmed"]
    assert confirmations(mailbox.database) == [("received", "Pat", "manager", None, "reply")]


@on_sqlite
def test_a_reply_in_html_only_confirms(mailbox: Mailbox) -> None:
    message = reply_to(mailbox.message_id)
    message.set_content(RICH.format(html(OURS)), subtype="html", cte="base64")
    mailbox.take(message.as_bytes())
    assert confirmations(mailbox.database) == [("passed-on", "Pat Lee", "manager", 12, "reply")]


@on_sqlite
def test_the_plain_text_of_a_reply_counts_before_its_html(mailbox: Mailbox) -> None:
    message = reply_to(mailbox.message_id)
    message.set_content("ACTING, José Núñez, manager", charset="iso-8859-1")
    message.add_alternative(RICH.format(""), subtype="html")
    message.add_attachment("CALL ME, Sam, nurse", filename="note.txt")
    mailbox.take(message.as_bytes())
    assert confirmations(mailbox.database) == [("acting", "José Núñez", "manager", None, "reply")]


@on_sqlite
def test_an_unclear_reply_is_an_event_that_says_what_is_missing(mailbox: Mailbox) -> None:
    message = reply_to(mailbox.message_id)
    message.set_content("RECEIVED, thanks")
    received = mailbox.take(message.as_bytes())
    assert received.effect == f"a reply, for a person to read ({Unclear.NO_PERSON})"
    assert mailbox.event_details() == [f"{Unclear.NO_PERSON} · Re: Cold snap"]
    assert (mailbox.standing(), confirmations(mailbox.database)) == (("accepted", "E"), [])


@on_sqlite
@pytest.mark.parametrize("place", ["subject", "body"])
def test_the_reference_finds_the_delivery_where_nothing_else_does(
    mailbox: Mailbox, place: str
) -> None:
    code = reference(LINKS, mailbox.delivery)
    message = reply_to(subject=f"Re: {code.lower()}" if place == "subject" else "Answer")
    message.set_content("RECEIVED, Pat Lee, manager" + (f"\n> {code}." if place == "body" else ""))
    assert mailbox.take(message.as_bytes()).delivery_id == mailbox.delivery
    assert mailbox.standing() == ("accepted", "A")


@on_sqlite
def test_two_references_or_a_forged_one_find_nothing(mailbox: Mailbox) -> None:
    other = Links("another secret that is long enough", "http://127.0.0.1:8000")
    for codes in (
        [reference(LINKS, mailbox.delivery), reference(LINKS, mailbox.delivery + 1)],
        [reference(other, mailbox.delivery)],
    ):
        message = reply_to()
        message.set_content("RECEIVED, Pat Lee, manager\n" + "\n".join(codes))
        assert mailbox.take(message.as_bytes()).delivery_id is None
    assert confirmations(mailbox.database) == []


@on_sqlite
@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"X_Auto_Response_Suppress": "All"},
        {"Precedence": "bulk"},
        {"Precedence": "auto_reply"},
        {"subject": "Automatic reply: Cold snap"},
        {"subject": "Out of office: Cold snap"},
    ],
)
def test_an_automatic_reply_with_an_answer_in_it_confirms_nothing(
    mailbox: Mailbox, headers: dict[str, str]
) -> None:
    message = reply_to(mailbox.message_id, **headers)
    message.set_content("RECEIVED, Pat Lee, manager")
    assert mailbox.take(message.as_bytes()).kind == Kind.AUTO_REPLY
    assert (mailbox.standing(), confirmations(mailbox.database)) == (("accepted", "E"), [])


@on_sqlite
def test_a_server_that_returns_an_answer_confirms_nothing(mailbox: Mailbox) -> None:
    content = letters.REPLY.format(message_id=mailbox.message_id).encode()
    assert mailbox.take(content, sender="").kind == Kind.NOTICE
    report = letters.delivery_status(letters.recipient()).replace(
        b"I'm sorry", b"RECEIVED, Pat, GP"
    )
    assert mailbox.take(report, mailbox.return_path).kind == Kind.DELIVERY_STATUS
    assert confirmations(mailbox.database) == []


@on_sqlite
def test_a_later_reply_counts_and_the_earlier_one_is_kept(mailbox: Mailbox) -> None:
    for word in ("CALL ME", "ACTING"):
        message = reply_to(mailbox.message_id)
        message.set_content(f"{word}, Pat Lee, manager")
        mailbox.take(message.as_bytes())
    assert [one[0] for one in confirmations(mailbox.database)] == ["call-me", "acting"]
    assert mailbox.standing() == ("accepted", "A")
