"""What a letter looks like as a message, whatever is written into it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.database import Database
from cascade.letters.composing import Block, blocks, compose
from cascade.letters.posting import Claimed, claim
from cascade.letters.writing import write
from tests.world import IDENTITY, LINKS

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
LINK = "https://cascade.example.org/welcome/abc_DEF-123"
TEXT = f"Ann has invited you.\nIt is for the county.\n\n{LINK}\n\nIt works for 7 days."


def claimed(**changes: object) -> Claimed:
    """A letter in hand."""
    values: Mapping[str, object] = {
        "id": 31,
        "to": "pat@example.org",
        "name": "Pat Example",
        "subject": "Your invitation",
        "text": TEXT,
        "html": None,
        "written_at": NOW,
        "attempts": 1,
    }
    return Claimed(**{**values, **changes})  # type: ignore[arg-type]


def message(letter: Claimed) -> EmailMessage:
    """What a mail program makes of it."""
    raw = bytes(compose(letter, LINKS, IDENTITY, NOW).body)
    parsed = message_from_bytes(raw, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    assert not parsed.defects
    return parsed


def part(letter: Claimed, kind: str) -> str:
    """Its text (`plain`) or HTML part."""
    body = message(letter).get_body((kind,))
    assert body is not None
    content: str = body.get_content()
    return content


def test_a_letter_comes_from_the_cell_and_says_that_a_machine_sent_it() -> None:
    made = message(claimed())
    assert made["From"] == "County Comms <comms@example.org>"
    assert made["To"] == "Pat Example <pat@example.org>"
    assert made["Subject"] == "Your invitation"
    assert made["Auto-Submitted"] == "auto-generated"
    assert made["Date"].datetime == NOW


def test_the_message_id_is_made_of_the_number_and_opens_nothing_else() -> None:
    first, again = message(claimed())["Message-ID"], message(claimed(attempts=2))["Message-ID"]
    assert first == again
    assert first != message(claimed(id=32))["Message-ID"]
    token = first.strip("<>").partition("@")[0]
    assert LINKS.read("letter", token) == 31
    assert LINKS.read("message-id", token) is LINKS.read("confirm", token) is None


def test_a_bounce_of_a_letter_is_taken_for_no_delivery_s() -> None:
    sender = compose(claimed(), LINKS, IDENTITY, NOW).sender
    token = sender.removeprefix("bounces+").removesuffix("@bounces.example.org")
    assert LINKS.read("letter", token) == 31
    assert LINKS.read("return-path", token) is None


def test_both_parts_say_the_same() -> None:
    plain, html = part(claimed(), "plain"), part(claimed(), "html")
    for words in ("Ann has invited you.", LINK, "It works for 7 days.", "Sent by County Comms."):
        assert words in plain
        assert words in html
    assert "<br>It is for the county." in html


def test_an_address_on_a_line_of_its_own_becomes_a_button() -> None:
    html = part(claimed(), "html")
    assert html.count(f'href="{LINK}"') == 2
    assert html.count(">Open this page</a>") == 1
    assert '<html lang="en-GB">' in html
    assert "<title>Your invitation</title>" in html


@pytest.mark.parametrize("line", ["javascript:alert(1)", "see https://example.org", "data:,x"])
def test_nothing_else_becomes_a_link(line: str) -> None:
    assert blocks(line) == [Block(lines=(line,))]
    assert "<a " not in part(claimed(text=line), "html")


def test_paragraphs_are_parted_by_blank_lines_and_addresses() -> None:
    assert blocks(f"One\ntwo\n \n\nthree\n  {LINK}\nfour") == [
        Block(lines=("One", "two")),
        Block(lines=("three",)),
        Block(address=LINK),
        Block(lines=("four",)),
    ]


def test_markup_in_a_letter_is_shown_and_not_run() -> None:
    evil = '<script>alert("x")</script> {{ 7 * 7 }}'
    address = "https://example.org/?a=1&b=\"onload='x'"
    html = part(claimed(text=f"{evil}\n\n{address}", subject=evil), "html")
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "{{ 7 * 7 }}" in html
    assert 'b=&#34;onload=&#39;x&#39;"' in html


def test_no_letter_is_made_for_an_impossible_address() -> None:
    for address in ("pat", "pat@example.org\r\nRCPT TO:<eve@example.org>", "a b@example.org"):
        with pytest.raises(ValueError, match="not an address"):
            compose(claimed(to=address), LINKS, IDENTITY, NOW)


@given(
    name=st.text(st.characters(codec="utf-8")),
    subject=st.text(st.characters(codec="utf-8")),
)
def test_name_and_subject_add_no_header(name: str, subject: str) -> None:
    made = message(claimed(name=f"{name}\r\nBcc: eve@example.org", subject=f"{subject}\nX-Evil: 1"))
    assert sorted(made.keys()) == [
        "Auto-Submitted",
        "Content-Type",
        "Date",
        "From",
        "MIME-Version",
        "Message-ID",
        "Reply-To",
        "Subject",
        "To",
    ]
    assert [one.addr_spec for one in made["To"].addresses] == ["pat@example.org"]


def test_what_is_written_is_cleaned_and_fits_its_columns(database: Database) -> None:
    with database.writing() as session:
        write(
            session,
            to="pat@example.org",
            name="Pat\r\nBcc: eve@example.org",
            subject="A\x00 very\n" + "long " * 100,
            text="\n\nOne\x00 line\r\n\r\n" + LINK + "\r\n",
            now=NOW,
        )
    with database.writing() as session:
        letter = claim(session, NOW)
    assert letter is not None
    assert letter.name == "Pat Bcc: eve@example.org"
    assert letter.subject.startswith("A very long long")
    assert len(letter.subject) == 200
    assert letter.text == f"One  line\n\n{LINK}"
