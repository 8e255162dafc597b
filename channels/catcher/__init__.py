"""A mail server for demonstrations and tests: takes everything, sends nothing on, shows it."""

from channels.catcher.server import MailCatcher
from channels.catcher.store import CaughtMail, CaughtMessage, CaughtSummary

__all__ = ["CaughtMail", "CaughtMessage", "CaughtSummary", "MailCatcher"]
