"""Variants compiled from the database, once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from unittest.mock import patch

from cascade.database import Database
from cascade.sending import compositor as module
from cascade.sending.compose import CompiledVariant
from cascade.sending.compositor import Compositor
from cascade.sending.records import Delivery, Variant
from tests.cascade.sending import mail
from tests.cascade.sending.mail import IDENTITY, LINKS
from tests.cascade.sending.released import released


def _loader(database: Database, compositor: Compositor) -> Callable[[int], CompiledVariant]:
    def load(variant_id: int) -> CompiledVariant:
        with database.reading() as session:
            return compositor.variant(session, variant_id)

    return load


def _another_variant(database: Database, delivery_id: int, segments: str) -> tuple[int, int]:
    with database.writing() as session:
        first = session.get_one(Variant, session.get_one(Delivery, delivery_id).variant_id)
        second = Variant(
            cascade_id=first.cascade_id,
            version_id=first.version_id,
            segments=segments,
            channel="email",
        )
        session.add(second)
        session.flush()
        return first.id, second.id


def test_a_variant_is_filled_after_its_session_is_closed(database: Database, now: datetime) -> None:
    delivery_id = released(database, now, mail.toolkit("cold-snap"), segments="care-homes")
    _, both = _another_variant(database, delivery_id, "care-homes,gp-practices")
    variant = _loader(database, Compositor(LINKS, IDENTITY))(both)
    said = mail.text(mail.mail(variant))
    assert "For care homes" in said
    assert "on our list of GP practices and care homes." in said
    assert "CONFIRM BY Saturday 21 November 2026, 1:30pm" in said


def test_many_threads_share_one_compilation(sqlite_database: Database, now: datetime) -> None:
    delivery_id = released(sqlite_database, now, mail.toolkit("cold-snap"))
    first, second = _another_variant(sqlite_database, delivery_id, "gp-practices")
    load = _loader(sqlite_database, Compositor(LINKS, IDENTITY))
    with (
        patch.object(module, "compile_variant", wraps=module.compile_variant) as compiled,
        ThreadPoolExecutor(8) as threads,
    ):
        variants = list(threads.map(load, [first, second] * 20))
    assert compiled.call_count == 2
    assert len({id(variant) for variant in variants}) == 2


def test_only_the_variants_used_last_are_kept(sqlite_database: Database, now: datetime) -> None:
    delivery_id = released(sqlite_database, now, mail.toolkit("news"))
    first, second = _another_variant(sqlite_database, delivery_id, "gp-practices")
    load = _loader(sqlite_database, Compositor(LINKS, IDENTITY, size=1))
    kept = load(first)
    assert load(first) is kept
    load(second)
    assert load(first) is not kept
