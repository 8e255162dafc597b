"""Whom everything comes from, out of the settings."""

from cascade.config import Settings
from cascade.identity import identity


def test_what_is_not_set_follows_from_the_sender() -> None:
    ours = identity(Settings(secret_key="s" * 32, sender="Cell <cell@example.org>", cell="Cell"))

    assert (ours.reply_to, ours.cell) == ("Cell <cell@example.org>", "Cell")
    assert (ours.bounce_domain, ours.domain) == ("example.org", "example.org")


def test_what_is_set_is_taken() -> None:
    ours = identity(
        Settings(
            sender="Cell <cell@example.org>",
            reply_to="desk@example.org",
            bounce_domain="bounces.example.org",
        )
    )

    assert (ours.reply_to, ours.bounce_domain) == ("desk@example.org", "bounces.example.org")
    assert ours.domain == "example.org"
