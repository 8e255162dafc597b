"""Headers, subjects and slots of finished messages."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from cascade.sending import layout
from cascade.sending.slots import FALLBACK, RECIPIENT
from cascade.sending.states import Tier
from tests.cascade.sending.mail import (
    DEADLINE,
    LINKS,
    NOW,
    compiled,
    html,
    mail,
    outgoing,
    read,
    routine,
    text,
    toolkit,
)
from toolkits import KNOWN_SLOTS

COLD_SNAP = toolkit("cold-snap")
NEWS = toolkit("news")
SUMMER = datetime(2026, 7, 1, 23, 5, tzinfo=UTC)
RETURN_PATH = f"bounces+{LINKS.token('return-path', 31)}@bounces.example.org"


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Subject", "[URGENT – confirm by 14:00 Sat 21 Nov] Cold snap: keep people warm"),
        ("From", "Westshire NHS <cascade@example.org>"),
        ("To", "Sam Okafor <manager@oakhouse.example.org>"),
        ("Reply-To", "answers@example.org"),
        ("Date", "Sat, 21 Nov 2026 09:30:00 +0000"),
        ("Message-ID", f"<{LINKS.token('message-id', 31)}@example.org>"),
        ("List-Id", "<cold-snap.example.org>"),
        ("Auto-Submitted", "auto-generated"),
        ("Importance", "high"),
        ("X-Priority", "1 (Highest)"),
        ("Priority", "urgent"),
        ("Disposition-Notification-To", f"<{RETURN_PATH}>"),
        ("X-Auto-Response-Suppress", None),
        ("List-Unsubscribe", None),
        ("List-Unsubscribe-Post", None),
        ("Precedence", None),
        ("X-Cascade-Exercise", None),
        ("Return-Path", None),
    ],
)
def test_headers_of_an_urgent_message(header: str, value: str | None) -> None:
    assert mail(compiled(COLD_SNAP))[header] == value


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Subject", "Winter news for partners"),
        ("List-Id", "<winter-news.example.org>"),
        ("List-Unsubscribe", f"<{LINKS.unsubscribe(31)}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
        ("Importance", None),
        ("X-Priority", None),
        ("Disposition-Notification-To", None),
    ],
)
def test_headers_of_routine_news(header: str, value: str | None) -> None:
    assert mail(routine(NEWS))[header] == value


@pytest.mark.parametrize(
    ("tier", "deadline_at", "exercise", "tag"),
    [
        (Tier.IMMEDIATE, DEADLINE, False, "[IMMEDIATE – confirm by 14:00 Sat 21 Nov]"),
        (Tier.IMPORTANT, DEADLINE, True, "[EXERCISE – IMPORTANT – confirm by 14:00 Sat 21 Nov]"),
        (Tier.URGENT, SUMMER, False, "[URGENT – confirm by 00:05 Thu 2 Jul]"),
        (Tier.ROUTINE, None, True, "[EXERCISE]"),
        (Tier.IMPORTANT, None, False, "[IMPORTANT]"),
    ],
)
def test_subjects_say_the_tier_and_the_deadline(
    tier: Tier, deadline_at: datetime | None, exercise: bool, tag: str
) -> None:
    variant = compiled(NEWS, tier=tier, deadline_at=deadline_at, exercise=exercise)
    assert mail(variant)["Subject"] == f"{tag} Winter news for partners"


def test_the_message_id_is_the_same_at_every_attempt_and_the_date_is_that_of_the_attempt() -> None:
    variant = compiled(COLD_SNAP)
    first = read(outgoing(variant, now=NOW).body)
    second = read(outgoing(compiled(COLD_SNAP), now=NOW + timedelta(hours=1)).body)
    assert first["Message-ID"] == second["Message-ID"]
    assert (second["Date"].datetime - first["Date"].datetime) == timedelta(hours=1)


def test_the_return_path_identifies_the_delivery() -> None:
    sender = outgoing(compiled(COLD_SNAP), delivery=77).sender
    local, _, domain = sender.partition("@")
    assert domain == "bounces.example.org"
    assert LINKS.read("return-path", local.removeprefix("bounces+")) == 77


@pytest.mark.parametrize(
    ("address", "recipient", "utf8"),
    [
        ("plain@example.org", "plain@example.org", False),
        ("zoë@example.org", "zoë@example.org", True),
        ("info@pflegehäuser.example.org", "info@xn--pflegehuser-r8a.example.org", False),
    ],
)
def test_only_a_local_part_beyond_ascii_asks_for_smtputf8(
    address: str, recipient: str, utf8: bool
) -> None:
    message = outgoing(compiled(COLD_SNAP), address=address)
    assert (message.recipient, message.utf8) == (recipient, utf8)


def test_an_impossible_address_is_refused() -> None:
    with pytest.raises(ValueError, match="is not an address"):
        outgoing(compiled(COLD_SNAP), address="a@example.org>\r\nBcc: b@example.org")


def test_every_known_slot_is_filled() -> None:
    names = [*KNOWN_SLOTS, "reference"]
    body = NEWS + "\n".join(f"{name} is {{{{ {name} }}}}\n" for name in KNOWN_SLOTS)
    said = text(mail(compiled(body)))
    assert "z9slot" not in said
    assert "{{" not in said
    for name in KNOWN_SLOTS:
        assert f"{name} is" in said
    assert set(names) >= RECIPIENT


def test_a_slot_without_a_value_falls_back_to_words() -> None:
    message = mail(compiled(COLD_SNAP), {"organisation": "", "contact": " ", "place": "\u202e"})
    for words in ("Dear colleague,", "cold in your area", "for your organisation by"):
        assert words in text(message)
        assert words in html(message)
    assert str(message["To"]) == "manager@oakhouse.example.org"
    assert all(FALLBACK.values())


def test_the_slots_of_the_cascade_and_of_the_toolkit_are_filled_for_everybody() -> None:
    assert "have the code WN-26." in text(mail(routine(NEWS)))
    assert "by Saturday 21 November 2026, 2:00pm." in text(mail(compiled(COLD_SNAP)))


def test_a_title_may_name_its_reader() -> None:
    said = NEWS.replace("title: Winter news for partners", "title: News for {{ organisation }}")
    message = mail(routine(said), {"organisation": "Café Zürich 🎈"})
    assert message["Subject"] == "News for Café Zürich 🎈"
    assert "News for Café Zürich 🎈</h1>" in html(message)


def test_css_is_inlined_once_for_each_variant_and_never_for_a_recipient() -> None:
    with patch.object(layout, "inline", wraps=layout.inline) as inline:
        variant = compiled(COLD_SNAP)
        for delivery in range(1, 50):
            outgoing(variant, delivery=delivery)
    assert inline.call_count == 1


def test_each_recipient_gets_links_of_their_own() -> None:
    variant = routine(NEWS)
    bodies = [text(read(outgoing(variant, delivery=delivery).body)) for delivery in (1, 2)]
    for delivery, body in zip((1, 2), bodies, strict=True):
        assert LINKS.confirm(delivery) in body
        assert LINKS.unsubscribe(delivery) in body
    assert LINKS.confirm(1) not in bodies[1]


@pytest.mark.parametrize("tier", [Tier.IMMEDIATE, Tier.URGENT, Tier.IMPORTANT])
def test_what_cannot_be_unsubscribed_offers_no_way_to(tier: Tier) -> None:
    message = mail(compiled(NEWS, tier=tier))
    assert "/u/" not in html(message) + text(message)
    assert "nsubscribe" not in message.as_string()
