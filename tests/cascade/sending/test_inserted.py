"""Tables in messages: for everybody, for each place, as they were at the release."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html import unescape

import pytest
from sqlalchemy import select

import toolkits
from cascade.audience.records import Organisation
from cascade.database import Database
from cascade.errors import Refused
from cascade.inserts import editing, keeping
from cascade.inserts.reading import Given
from cascade.sending import compose
from cascade.sending.compose import CompiledVariant, compile_variant
from cascade.sending.compositor import Compositor
from cascade.sending.facts import CascadeFacts
from cascade.sending.insert_uses import uses
from cascade.sending.preview import FORMATS, render
from cascade.sending.records import Delivery
from cascade.sending.states import Tier
from cascade.sending.view import view
from tests import world
from tests.cascade.sending.mail import DEADLINE, IDENTITY, LINKS, NOW, OAK_HOUSE, html, mail, text
from toolkits import Table

HEAD = "---\ntitle: Hours\ntoolkit: hours\n---\nText\n\n"
ASKED = "::: table hours columns name, open"
FENCE = f"{ASKED} where place = {{{{ place }}}}\nCall {{{{ contact }}}} & 111.\n:::\n"
ROWS = (
    ("Westbury", "Mill <b>", "9 & 5"),
    ("Westbury", ".Abbey", "-"),
    ("Easton", "Old", "closed"),
)
HOURS = Table("hours", "t1", "Hours", ("Place", "Name", "Open"), ROWS)


def compiled(body: str = FENCE, table: Table = HOURS) -> CompiledVariant:
    return compile_variant(
        HEAD + body,
        facts=CascadeFacts(Tier.URGENT, DEADLINE),
        segments=frozenset({"care-homes"}),
        links=LINKS,
        identity=IDENTITY,
        tables=(table,),
    )


def at(place: str, **more: str) -> Mapping[str, str]:
    return {**OAK_HOUSE, "place": place, **more}


def cells(page: str) -> list[str]:
    # The layout's own tables hold no heading cells.
    (table,) = re.findall(r"<table[^>]*>\s*<thead>.*?</table>", page, re.DOTALL)
    return [unescape(one) for one in re.findall(r"<td[^>]*>(.*?)</td>", table)]


def test_each_place_gets_its_own_rows_in_both_parts() -> None:
    variant = compiled()
    west, east = mail(variant, at("WESTBURY")), mail(variant, at("Easton"))
    assert cells(html(west)) == ["Mill <b>", "9 & 5", ".Abbey", "-"]
    assert cells(html(east)) == ["Old", "closed"]
    assert "\n\n- Name: Mill <b>; Open: 9 & 5\n- Name: .Abbey; Open: -\n\n" in text(west)
    assert "- Name: Old; Open: closed" in text(east)


def test_a_table_by_place_looks_like_any_other() -> None:
    one, every = html(mail(compiled())), html(mail(compiled(f"{ASKED}\n:::\n")))
    for tag in ("table", "th", "td"):
        marked = rf"<{tag} [^>]*>"
        table = one[one.index("<thead>") - 200 :]
        other = every[every.index("<thead>") - 200 :]
        assert re.search(marked, table[table.index("<table") :])
        assert re.findall(marked, table[table.index("<table") :])[0] in other
    assert "<p" not in re.split("</table>", one[one.index("<thead>") :])[0]


def test_where_no_row_fits_the_text_of_the_fence_stands_with_its_own_slots() -> None:
    variant = compiled()
    for name in ("Sam <i>", "Jo"):
        message = mail(variant, at("Nowhere", contact=name))
        assert f"Call {name} & 111." in text(message)
        assert f"Call {name} & 111." in unescape(html(message))
    assert "<i>" not in html(mail(variant, at("Nowhere", contact="Sam <i>")))


def test_without_a_text_of_its_own_a_sentence_stands_there() -> None:
    variant = compiled("::: table hours where place = {{ place }}\n:::\n")
    assert "Nothing is listed for your area." in text(mail(variant, at("Nowhere")))


def test_a_fragment_is_made_once_for_each_place() -> None:
    rows = tuple((f"Place {number}", "A", "B") for number in range(400))
    variant = compiled(table=Table("hours", "t2", "", HOURS.columns, rows))
    for number in range(2_000):
        variant.outgoing(1 + number, "a@example.org", at(f"Place {number % 400}"), now=NOW)
    assert variant.inserted.made == 400


def test_places_that_fit_nothing_are_not_kept() -> None:
    variant = compiled()
    for number in range(50):
        variant.outgoing(1 + number, "a@example.org", at(f"No {number}"), now=NOW)
    assert variant.inserted.made == 1


def test_a_mailbox_of_several_organisations_gets_the_rows_of_all_their_codes() -> None:
    table = Table("hours", "t3", "", ("Code", "Name"), (("A1", "One"), ("B2", "Two"), ("C3", "No")))
    variant = compiled("::: table hours columns name where code = {{ code }}\n:::\n", table)
    assert cells(html(mail(variant, at("x", code="A1, B2")))) == ["One", "Two"]


def test_long_lines_and_dots_of_a_table_keep_to_the_wire() -> None:
    table = Table("hours", "t4", "", HOURS.columns, (("Westbury", "é" * 400, "." * 400),) * 3)
    body = compiled(table=table).outgoing(1, "a@example.org", at("Westbury"), now=NOW).body
    lines = bytes(body).split(b"\r\n")
    content = lines[lines.index(b"") :]
    assert max(map(len, content)) <= 76
    assert not any(line.startswith(b".") for line in content)


@pytest.mark.parametrize("as_", FORMATS)
def test_no_format_shows_a_mark_or_half_a_table(as_: str) -> None:
    body = FENCE + "".join(
        f"::: {channel} table hours where place = {{{{ place }}}}\n:::\n"
        for channel in ("sms", "newsletter", "social", "slides")
    )
    shown = render(HEAD + body, frozenset({"care-homes"}), as_, now=NOW, tables=(HOURS,))
    assert "z9slot" not in shown
    assert "insert" not in shown
    assert "Abbey" in shown or as_ == "slides"


def test_the_preview_of_an_email_shows_the_table_as_the_mail_does() -> None:
    homes = frozenset({"care-homes"})
    shown = render(HEAD + FENCE, homes, "email", now=NOW, tables=(HOURS,))
    sent = html(mail(compiled(), at("Westbury")))
    (one,), (other,) = (
        re.findall(r"<table[^>]*>\s*<thead>.*?</table>", page, re.DOTALL) for page in (shown, sent)
    )
    assert one == other
    assert "style=" in one


def test_an_example_does_not_become_what_a_recipient_sees() -> None:
    table = Table("hours", "t5", "", HOURS.columns, (("Easton", "Old", "-"),))
    homes = frozenset({"care-homes"})
    assert "Old" in render(HEAD + FENCE, homes, "text", now=NOW, tables=(table,))
    assert "Old" not in text(mail(compiled(table=table), at("Westbury")))


SHOWN = world.TOOLKIT + "\n::: table hours where place = {{ place }}\n:::\n"


def released(database: Database, rows: tuple[tuple[str, ...], ...] = (("Ambleby", "Mill"),)) -> int:
    now = datetime.now(UTC)
    with database.writing() as session:
        insert = keeping.begin(session, "hours", "", by="Ann", now=now)
        made = Given(("Place", "Name"), rows)
        keeping.keep(session, insert, made, revision=0, said="", by="Ann", now=now)
        world.add_people(session, 1)
        for one in session.scalars(select(Organisation)):
            one.code = "A1"
        world.publish_toolkit(session, SHOWN)
        found = world.send(session, now).cascade
    assert found is not None
    return found


def change(database: Database) -> None:
    with database.writing() as session:
        insert = keeping.find(session, "hours")
        editing.change(
            session, insert, 1, ["Ambleby", "New"], revision=1, by="Bo", now=datetime.now(UTC)
        )


def test_mail_and_page_show_the_table_as_it_was_at_the_release(database: Database) -> None:
    released(database)
    change(database)
    with database.reading() as session:
        delivery = session.scalars(select(Delivery)).one()
        compositor = Compositor(world.LINKS, world.IDENTITY)
        variant = compositor.variant(session, delivery.variant_id)
        seen = view(session, delivery.id, world.LINKS, world.IDENTITY)
    message = mail(variant, delivery.slots)
    assert seen is not None
    assert cells(html(message)) == cells(seen.html) == ["Ambleby", "Mill"]
    assert "- Place: Ambleby; Name: Mill" in seen.text
    assert "- Place: Ambleby; Name: Mill" in text(message)
    assert delivery.slots["code"] == "A1"


def test_uses_name_toolkits_columns_and_cascades_with_their_revision(database: Database) -> None:
    number = released(database)
    change(database)
    with database.reading() as session:
        found = uses(session, "hours")
        assert not uses(session, "hour")
    assert [one.title for one in found.versions] == ["Cold snap"]
    assert [(one.number, one.revision) for one in found.cascades] == [(number, 1)]
    assert found.columns == ("place",)


@pytest.mark.parametrize("lost", ["table", "column"])
def test_a_release_without_its_table_is_refused(sqlite_database: Database, lost: str) -> None:
    now = datetime.now(UTC)
    with sqlite_database.writing() as session:
        if lost == "column":
            insert = keeping.begin(session, "hours", "", by="Ann", now=now)
            keeping.keep(session, insert, Given(("A",), ()), revision=0, said="", by="a", now=now)
        world.add_people(session, 1)
        world.publish_toolkit(session, SHOWN)
        with pytest.raises(Refused, match="shows the"):
            world.send(session, now)


def test_texts_without_tables_ask_nothing_of_the_database() -> None:
    assert toolkits.with_blocks(toolkits.parse(HEAD), ())[1] == ()
    assert not compose.compile_variant(
        HEAD, facts=CascadeFacts(Tier.ROUTINE), segments=frozenset(), links=LINKS, identity=IDENTITY
    ).inserted
