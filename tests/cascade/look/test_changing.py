"""Setting the look, and what messages make of it."""

import io
import time
from datetime import datetime
from email import message_from_bytes, policy
from threading import Barrier, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cascade.database import Database
from cascade.errors import BadInput, NotFound, Overtaken
from cascade.identity import Identity
from cascade.look import changing, logos
from cascade.look.changing import Change, checked
from cascade.look.logos import LARGEST, GivenLogo
from cascade.look.wearing import frozen, kept, worn
from channels.mime import Mailbox, compile_message

DEFAULT = Identity("Cascade <cascade@example.org>", "cascade@example.org", "example.org", "Cell")
FOLLOWS = Identity("cascade@example.org", "cascade@example.org", "example.org", "Cell")
HOME = "https://cascade.example.org"
AS_IT_IS = Change("Cell", "Cascade", "cascade@example.org", "", "")


def picture(kind: str = "PNG", size: tuple[int, int] = (400, 100)) -> bytes:
    """A red picture."""
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind)
    return out.getvalue()


def wanted(**given: object) -> Change:
    """The look as it is by default, but for this."""
    values = {name: getattr(AS_IT_IS, name) for name in AS_IT_IS.__slots__}
    return Change(**(values | given))  # type: ignore[arg-type]


def change(database: Database, now: datetime, **given: object) -> Identity:
    """Set it; gives what is worn then."""
    with database.writing() as session:
        seen = changing.mark(kept(session))
        changing.change(session, wanted(**given), DEFAULT, seen=seen, by="ann@example.org", now=now)
        return worn(DEFAULT, kept(session), HOME)


def test_what_is_as_the_settings_say_is_not_kept(sqlite_database: Database, now: datetime) -> None:
    change(sqlite_database, now, cell="Another")
    assert change(sqlite_database, now) == DEFAULT
    with sqlite_database.reading() as session:
        assert kept(session) == {}


def test_of_two_who_began_with_the_same_look_the_second_is_told(
    database: Database, now: datetime
) -> None:
    both_began, failed = Barrier(2), []

    def save(cell: str) -> None:
        with database.reading() as session:
            seen = changing.mark(kept(session))
        both_began.wait(10)
        try:
            with database.writing() as session:
                change_to = wanted(cell=cell)
                changing.change(session, change_to, DEFAULT, seen=seen, by=cell, now=now)
                time.sleep(0.2)
        except Overtaken:
            failed.append(cell)

    for first, second in (("East", "West"), ("North", "South")):
        threads = [Thread(target=save, args=[one]) for one in (first, second)]
        for one in threads:
            one.start()
        for one in threads:
            one.join(10)
        with database.reading() as session:
            saved = kept(session)["cell"]
        assert {saved, failed.pop()} == {first, second}
        assert failed == []


def test_what_is_set_is_worn_and_the_rest_is_as_the_settings_say(
    sqlite_database: Database, now: datetime
) -> None:
    found = change(sqlite_database, now, cell=" West  County ", colour="003087", nhs_logo=True)
    assert found.cell == "West County"
    assert (found.colour, found.nhs_logo) == ("#003087", True)
    assert (found.sender, found.reply_to) == (DEFAULT.sender, DEFAULT.reply_to)


def test_answers_follow_the_sender_where_the_settings_name_nobody_for_them() -> None:
    look = checked(wanted(sender_address="news@example.org", sender_name=""), FOLLOWS)
    assert worn(FOLLOWS, look, HOME).reply_to == "news@example.org"
    assert worn(DEFAULT, look, HOME).reply_to == DEFAULT.reply_to


def test_an_international_domain_is_written_in_letters_that_every_server_takes() -> None:
    look = checked(wanted(sender_address="news@bücher.example.org"), DEFAULT)
    assert worn(DEFAULT, look, HOME).domain == "xn--bcher-kva.example.org"


@given(st.text())
def test_a_name_can_add_no_header_and_change_no_address(name: str) -> None:
    try:
        look = checked(wanted(sender_name=name), DEFAULT)
    except BadInput:
        return
    sender = Mailbox.parse(worn(DEFAULT, look, HOME).sender)
    compiled = compile_message(
        subject=("Hello",), sender=sender, reply_to=sender, html=("x",), text=("x",)
    )
    body = compiled.fill(
        {},
        message_id="<x@example.org>",
        date=datetime(2026, 11, 21).astimezone(),
        to=Mailbox("", "a@example.org"),
    )
    read = message_from_bytes(body, policy=policy.default)
    assert {one.lower() for one in read} <= {
        *("from", "to", "subject", "date", "message-id", "mime-version", "reply-to"),
        *("content-type", "content-transfer-encoding"),
    }
    assert read["From"].addresses[0].addr_spec == "cascade@example.org"


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("sender_address", "news"),
        ("sender_address", "news@example.org\r\nBcc: all@example.org"),
        ("sender_address", "a@example.org, b@example.org"),
        ("sender_address", "née@example.org"),
        ("sender_address", "news@localhost"),
        ("reply_to", "<>"),
        ("cell", "x" * 81),
        ("sender_name", "x" * 81),
    ],
)
def test_what_is_no_name_or_address_is_said_at_its_field(field: str, given: str) -> None:
    with pytest.raises(BadInput) as refused:
        checked(wanted(**{field: given}), DEFAULT)
    assert refused.value.problems[0].startswith(f"{field}: ")


@pytest.mark.parametrize(
    ("given", "words"), [("blue", "six digits"), ("#ffeb3b", "a contrast of 1.2"), ("?", "six")]
)
def test_a_colour_that_can_not_be_read_on_is_refused(given: str, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        checked(wanted(colour=given), DEFAULT)
    assert words in refused.value.problems[0]


@pytest.mark.parametrize(("kind", "media"), [("PNG", "png"), ("JPEG", "jpeg"), ("WEBP", "png")])
def test_a_logo_is_drawn_anew_small_and_served_by_its_hash(
    sqlite_database: Database, now: datetime, kind: str, media: str
) -> None:
    found = change(sqlite_database, now, logo=GivenLogo(picture(kind), "West County"))
    assert found.logo is not None
    assert (found.logo.width, found.logo.height) == (180, 45)
    assert found.logo.address == f"{HOME}/logo/{found.logo.sha256}"
    with sqlite_database.reading() as session:
        row = logos.get(session, found.logo.sha256)
        assert row.media_type == f"image/{media}"
        with pytest.raises(NotFound):
            logos.get(session, "0" * 64)


def test_a_logo_stays_until_it_is_taken_away_and_its_words_can_change(
    sqlite_database: Database, now: datetime
) -> None:
    first = change(sqlite_database, now, logo=GivenLogo(picture(), "West County"))
    second = change(sqlite_database, now, cell="Other", alt="East County")
    assert first.logo is not None
    assert second.logo is not None
    assert second.logo.sha256 == first.logo.sha256
    assert second.logo.alt == "East County"
    assert change(sqlite_database, now, without_logo=True).logo is None


@pytest.mark.parametrize(
    ("content", "alt", "field"),
    [
        (picture(), " ", "alt"),
        (picture(), "x" * 121, "alt"),
        (b"<svg onload='x'/>", "A", "logo"),
        (b"", "A", "logo"),
        (picture("GIF"), "A", "logo"),
        (b"%PDF-1.4\n%%EOF", "A", "logo"),
        (picture()[:-30], "A", "logo"),
        (b"x" * (LARGEST + 1), "A", "logo"),
    ],
)
def test_a_logo_that_is_none_changes_nothing(
    sqlite_database: Database, now: datetime, content: bytes, alt: str, field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        change(sqlite_database, now, cell="Other", logo=GivenLogo(content, alt))
    assert refused.value.problems[0].startswith(f"{field}: ")
    with sqlite_database.reading() as session:
        assert frozen(session) == {}
