"""A caught message, written by the catcher's own writer."""

from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from channels.catcher.store import Arrival, CaughtWriter

RECEIVED = datetime(2026, 11, 21, 9, 31, tzinfo=UTC)


def message(
    html: str = '<html><head></head><body><p>Keep <a href="https://www.example.org/">warm</a></p>',
) -> EmailMessage:
    """A message in two parts."""
    mail = EmailMessage()
    mail["From"] = "West County <news@example.org>"
    mail["To"] = "manager1@home1.example.org"
    mail["Subject"] = "[URGENT] Cold weather alert"
    mail.set_content("Keep warm")
    mail.add_alternative(html, subtype="html")
    return mail


def catch(path: Path, *messages: EmailMessage) -> Path:
    """Write the messages (one of them, if none is given) and return the catcher's file."""
    writer = CaughtWriter(path)
    writer.add(
        [
            Arrival(RECEIVED, "bounces@example.org", [str(mail["To"])], bytes(mail))
            for mail in messages or (message(),)
        ]
    )
    writer.close()
    return path
