"""The message as the confirmation page shows it: the one that was mailed."""

import re
from datetime import datetime

import pytest
from lxml import html as lxml_html

from cascade.database import Database
from cascade.sending.compositor import Compositor
from cascade.sending.records import Delivery
from cascade.sending.states import CascadeState, Tier
from cascade.sending.view import MessageView, view
from tests.cascade.sending import mail
from tests.cascade.sending.mail import IDENTITY, LINKS
from tests.cascade.sending.released import released


def _mailed(database: Database, delivery_id: int, now: datetime) -> tuple[str, str, str]:
    with database.reading() as session:
        row = session.get_one(Delivery, delivery_id)
        variant = Compositor(LINKS, IDENTITY).variant(session, row.variant_id)
        sent = variant.outgoing(row.id, row.address, row.slots, now=now)
    message = mail.read(sent.body)
    return str(message["Subject"]), mail.html(message), mail.text(message)


def _viewed(database: Database, delivery_id: int) -> MessageView:
    with database.reading() as session:
        shown = view(session, delivery_id, LINKS, IDENTITY)
    assert shown is not None
    return shown


def _words(html: str) -> str:
    return " ".join(lxml_html.fromstring(f"<div>{html}</div>").text_content().split())


@pytest.mark.parametrize("name", ["cold-snap", "flu-jab.ur", "news"])
@pytest.mark.parametrize(
    "organisation", ["Oak House", "", "<b>Elm & Co</b>", "{{ 7 * 7 }} “Ash”", "Ulme  \u202e\tHaus"]
)
def test_the_page_shows_what_was_mailed(
    sqlite_database: Database, now: datetime, name: str, organisation: str
) -> None:
    slots = {**mail.OAK_HOUSE, "organisation": organisation}
    delivery_id = released(sqlite_database, now, mail.toolkit(name), slots=slots)
    subject, html, text = _mailed(sqlite_database, delivery_id, now)
    shown = _viewed(sqlite_database, delivery_id)
    assert shown.subject == subject
    assert shown.text in text
    for part in (shown.html, *shown.key_messages, shown.action, shown.contact_line):
        assert _words(part) in _words(re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL))
    for line in (shown.title, shown.lead, shown.spokesperson, shown.organisation, shown.reference):
        assert line in text


def test_the_view_names_what_the_page_needs(sqlite_database: Database, now: datetime) -> None:
    text = mail.toolkit("flu-jab.ur")
    delivery_id = released(sqlite_database, now, text, tier=Tier.IMPORTANT, exercise=True)
    shown = _viewed(sqlite_database, delivery_id)
    assert (shown.language, shown.direction) == ("ur", "rtl")
    assert (shown.tier, shown.exercise) == (Tier.IMPORTANT, True)
    assert shown.tier_words.startswith("Important")
    assert shown.asks_confirmation
    assert not shown.can_unsubscribe
    assert shown.state is CascadeState.SENDING
    assert shown.sender == IDENTITY.cell
    assert (shown.organisation, shown.contact, shown.role) == ("Oak House", "Sam Okafor", "Manager")


def test_nothing_in_the_view_can_run(sqlite_database: Database, now: datetime) -> None:
    hostile = "<script>alert(1)</script>"
    slots = dict.fromkeys(mail.OAK_HOUSE, hostile)
    delivery_id = released(sqlite_database, now, mail.toolkit("cold-snap"), slots=slots)
    shown = _viewed(sqlite_database, delivery_id)
    for part in (shown.html, shown.action, *shown.key_messages, shown.contact_line):
        assert "<script" not in part
    assert hostile in shown.text


def test_a_delivery_that_does_not_exist_has_no_view(sqlite_database: Database) -> None:
    with sqlite_database.reading() as session:
        assert view(session, 999, LINKS, IDENTITY) is None
