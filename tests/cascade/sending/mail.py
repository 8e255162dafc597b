"""Messages made from the toolkits in tests/data, as a mail program would read them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from cascade.identity import Identity
from cascade.links import Links
from cascade.sending.compose import CompiledVariant, compile_variant
from cascade.sending.facts import CascadeFacts
from cascade.sending.states import Tier
from channels.base import Outgoing

DATA = Path(__file__).parents[2] / "data"
LINKS = Links("a secret that is only used in tests, and long enough", "https://cascade.example.org")
IDENTITY = Identity(
    sender="Westshire NHS <cascade@example.org>",
    reply_to="answers@example.org",
    bounce_domain="bounces.example.org",
    cell="Westshire communications cell",
)
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
DEADLINE = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
OAK_HOUSE = {
    "organisation": "Oak House",
    "contact": "Sam Okafor",
    "role": "Manager",
    "place": "Westbury",
}


def toolkit(name: str) -> str:
    """The text of a toolkit in tests/data."""
    return (DATA / "toolkits" / f"{name}.md").read_text(encoding="utf-8")


def compiled(
    text: str,
    *segments: str,
    tier: Tier = Tier.URGENT,
    deadline_at: datetime | None = DEADLINE,
    exercise: bool = False,
) -> CompiledVariant:
    """A variant of a toolkit's text; without segments, that of care homes."""
    return compile_variant(
        text,
        facts=CascadeFacts(tier, deadline_at, exercise),
        segments=frozenset(segments or {"care-homes"}),
        links=LINKS,
        identity=IDENTITY,
    )


def routine(text: str, *segments: str, exercise: bool = False) -> CompiledVariant:
    """A variant that goes out as routine news."""
    return compiled(text, *segments, tier=Tier.ROUTINE, deadline_at=None, exercise=exercise)


def outgoing(
    variant: CompiledVariant,
    slots: Mapping[str, str] = OAK_HOUSE,
    *,
    address: str = "manager@oakhouse.example.org",
    delivery: int = 31,
    now: datetime = NOW,
) -> Outgoing:
    """The message of one delivery as the channel gets it."""
    return variant.outgoing(delivery, address, slots, now=now)


def mail(variant: CompiledVariant, slots: Mapping[str, str] = OAK_HOUSE) -> EmailMessage:
    """The message of one delivery as a mail program parses it."""
    return read(outgoing(variant, slots).body)


def read(body: bytes) -> EmailMessage:
    """A message's bytes, parsed."""
    parsed = message_from_bytes(body, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def html(message: EmailMessage) -> str:
    """The HTML part."""
    return _part(message, "html")


def text(message: EmailMessage) -> str:
    """The plain text part."""
    return _part(message, "plain")


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert isinstance(part, EmailMessage)
    content: str = part.get_content()
    return content.replace("\r\n", "\n")
