"""Addresses that must not be written to."""

from datetime import timedelta

from cascade.audience.records import Suppression
from cascade.audience.suppression import is_suppressed, suppress, unsuppress
from cascade.database import Database
from tests.cascade.audience.tables import NOW


def test_a_suppressed_address_stays_so_until_it_is_released(database: Database) -> None:
    with database.writing() as session:
        suppress(session, "ann@oak.example.org", "unsubscribed", NOW)
    with database.writing() as session:
        assert is_suppressed(session, "ann@oak.example.org")
        assert unsuppress(session, "ann@oak.example.org")
    with database.writing() as session:
        assert not is_suppressed(session, "ann@oak.example.org")
        assert not unsuppress(session, "ann@oak.example.org")


def test_capitals_make_no_other_mailbox(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        suppress(session, "Ann@Oak.example.org", "bounced", NOW)
        assert is_suppressed(session, "ann@oak.EXAMPLE.org ")


def test_a_weaker_reason_never_replaces_a_stronger_one(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        suppress(session, "ann@oak.example.org", "complained", NOW)
        suppress(session, "ann@oak.example.org", "unsubscribed", NOW + timedelta(days=1))
        kept = session.get_one(Suppression, "ann@oak.example.org")
        assert (kept.reason, kept.created_at) == ("complained", NOW)
        suppress(session, "ann@oak.example.org", "bounced", NOW + timedelta(days=2))
        assert kept.reason == "bounced"
