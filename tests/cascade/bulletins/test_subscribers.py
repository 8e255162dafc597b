"""What subscribers get of a bulletin that anybody may subscribe to: what anybody may read."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

import toolkits
from cascade.audience.records import Segment
from cascade.audience.segments import seed
from cascade.bulletins import subscribers
from cascade.bulletins.records import Bulletin
from cascade.database import Database
from cascade.library.records import ToolkitVersion
from cascade.sending.facts import omitted, segment_names
from cascade.sending.records import Delivery, Variant
from tests.cascade.bulletins import archived, county
from tests.cascade.bulletins.county import MONDAY

STRANGER = "stranger@example.org"
KEPT_OUT = {"public": "no", "title": "Hush", "summary": "Hush inside.", "body": "Number 5512."}


def public(session: Session) -> Bulletin:
    """A bulletin for volunteers, who are a public segment, and for care homes, who are not."""
    seed(session)
    archived.reader(session, MONDAY)
    return county.bulletin(session, "round-up", archived.READERS)


def subscribe(session: Session, of: Bulletin, email: str = STRANGER) -> None:
    asked = subscribers.ask(session, of, email, MONDAY)
    subscribers.confirm(session, of, asked.ticket, MONDAY)


def got(session: Session, email: str = STRANGER) -> str:
    """The text of the newest message to an address; empty: there is none."""
    mine = select(Delivery).where(Delivery.address == email).order_by(Delivery.id.desc())
    delivery = session.scalars(mine).first()
    if delivery is None:
        return ""
    variant = session.get_one(Variant, delivery.variant_id)
    document = toolkits.parse(session.get_one(ToolkitVersion, variant.version_id).text)
    return toolkits.text(document, segment_names(variant), omitted(variant))


def test_a_stranger_gets_nothing_that_is_kept_out_of_the_library(
    sqlite_database: Database,
) -> None:
    with sqlite_database.writing() as session:
        of = public(session)
        subscribe(session, of)
        county.toolkit(session, "hush", heading="for-action", **KEPT_OUT)
        for name in ("heat", "flu", "cold"):
            county.toolkit(session, name, heading="for-information")
        county.released(session, of)
        theirs, members = got(session), got(session, "a@example.org")
    assert "In this issue" in theirs
    assert "Summary of heat." in theirs
    # Neither the item, nor its line in the list, nor the heading above it.
    assert "Hush" not in theirs
    assert "For action" not in theirs
    assert "For action" in members
    assert members.count("Hush") > 1


def test_its_own_copy_for_bulletins_is_kept_from_strangers_too(sqlite_database: Database) -> None:
    copy = (
        "Text.\n\n::: newsletter\nHush copy.\n:::\n\n::: newsletter not for pharmacies\nMore.\n:::"
    )
    with sqlite_database.writing() as session:
        of = public(session)
        subscribe(session, of)
        county.toolkit(session, "heat")
        county.toolkit(session, "hush", public="no", body=copy)
        county.released(session, of)
        assert "Hush copy." in got(session, "a@example.org")
        assert "ush" not in got(session)
        assert "More." not in got(session)


def test_who_is_in_a_segment_besides_gets_it_all_the_same(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        of = public(session)
        subscribe(session, of, "a@example.org")
        county.toolkit(session, "hush", **KEPT_OUT)
        county.released(session, of)
        assert "Hush inside." in got(session, "a@example.org")


def test_what_is_meant_for_a_private_segment_does_not_reach_subscribers(
    sqlite_database: Database,
) -> None:
    with sqlite_database.writing() as session:
        of = public(session)
        subscribe(session, of)
        county.toolkit(
            session, "heat", body="For all.\n\n::: newsletter for care-homes\nHomes.\n:::"
        )
        county.toolkit(session, "homes", segments="care-homes", summary="Hush homes.")
        county.released(session, of)
        assert "Summary of heat." in got(session)
        assert "omes" not in got(session)


def test_who_would_get_nothing_is_left_out_and_not_counted(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        of = public(session)
        subscribe(session, of)
        county.toolkit(session, "hush", **KEPT_OUT)
        _, planned = county.released(session, of)
        assert planned.recipients == 1
        assert not got(session)


def test_a_translation_of_what_is_kept_out_is_kept_from_strangers(
    sqlite_database: Database,
) -> None:
    with sqlite_database.writing() as session:
        of = public(session)
        subscribe(session, of)
        of.languages = ["cy", "en"]
        county.toolkit(session, "heat")
        county.toolkit(session, "hush", **KEPT_OUT)
        county.toolkit(session, "hush", language="cy", title="Hush", summary="Hush cy.")
        county.released(session, of)
        assert "Summary of heat." in got(session)
        assert "Hush" not in got(session)


def test_subscribers_of_a_bulletin_for_private_segments_get_all_of_it(
    sqlite_database: Database,
) -> None:
    with sqlite_database.writing() as session:
        seed(session)
        of = county.bulletin(session, "round-up", ["care-homes"])
        subscribers.subscribe(session, of, "colleague@example.org", MONDAY)
        county.toolkit(session, "hush", **KEPT_OUT)
        county.released(session, of)
        assert "Hush inside." in got(session, "colleague@example.org")


def test_who_subscribed_while_it_was_public_stays_a_stranger(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        of = public(session)
        subscribe(session, of)
        session.execute(update(Segment).values(public=False))
        county.toolkit(session, "heat")
        county.toolkit(session, "hush", **KEPT_OUT)
        county.released(session, of)
        assert "Summary of heat." in got(session)
        assert "Hush" not in got(session)


def test_a_bulletin_to_the_subscribers_of_another_one_keeps_the_same_from_them(
    sqlite_database: Database,
) -> None:
    with sqlite_database.writing() as session:
        subscribe(session, public(session))
        other = county.bulletin(
            session, "board-news", ["care-homes", "subscribers-round-up"], now=MONDAY
        )
        county.toolkit(session, "heat", bulletins="board-news")
        county.toolkit(session, "hush", bulletins="board-news", **KEPT_OUT)
        county.released(session, other, now=MONDAY + timedelta(hours=1))
        assert "Summary of heat." in got(session)
        assert "Hush" not in got(session)
