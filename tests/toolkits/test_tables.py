"""Tables kept as data: what a fence asks for, and what is shown of it."""

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toolkits
from toolkits.cleaning import without_hidden
from toolkits.inserting import MOST_ROWS, escaped
from toolkits.slots import PREFIX
from toolkits.tables import Condition, Rows, Table, TableQuery

HEAD = "---\ntitle: Hours\n---\n"
HOURS = Table(
    "hours",
    "1",
    "Opening hours",
    ("Place", "Name", "Open"),
    (
        ("Westbury", "Mill Pharmacy", "9 to 5"),
        ("Easton", "Old Pharmacy", "closed"),
        ("westbury ", "Abbey Pharmacy", "10 to 4"),
    ),
)
CELLS = st.text(st.characters(exclude_categories=("Cs", "Co", "Cc", "Cn")), max_size=40)


def parsed(fence: str, inside: str = "") -> toolkits.Document:
    return toolkits.parse(f"{HEAD}::: {fence}\n{inside}\n:::\n")


def only(fence: str) -> toolkits.Section:
    (section,) = parsed(fence).sections
    return section


def codes(document: toolkits.Document) -> set[str]:
    return {one.code for one in document.problems}


def test_a_fence_names_columns_conditions_and_an_order() -> None:
    section = only(
        'table hours columns name, opening hours where place = {{ Place }} and town = "Bath and '
        'Wells" sort name for care-homes not for pharmacies'
    )
    assert section.table == TableQuery(
        "hours",
        ("name", "opening hours"),
        (Condition("place", slot="place"), Condition("town", value="Bath and Wells")),
        "name",
    )
    assert section.include == {"care-homes"}
    assert section.exclude == {"pharmacies"}


def test_a_table_may_stand_in_a_channel() -> None:
    assert only("newsletter table hours").channel == "newsletter"


@pytest.mark.parametrize(
    "fence",
    [
        "table",
        "table where place = a",
        "table hours colums name",
        "table hours columns",
        "table hours columns a,,b",
        "table hours where",
        "table hours where place",
        "table hours where place =",
        "table hours where place = {{ contact }}",
        "table hours where place = {{ place",
        "table hours sort a sort b",
    ],
)
def test_a_table_that_is_not_understood_is_told_and_seen_by_nobody(fence: str) -> None:
    document = parsed(fence, "Text")
    assert codes(document) == {"fence-unknown"}
    assert toolkits.text(document, ()) == toolkits.text(document, ("care-homes",)) == ""


def test_an_unclosed_table_is_told_with_its_line() -> None:
    document = toolkits.parse(f"{HEAD}::: table hours\n")
    assert [(one.code, one.line) for one in document.problems] == [("fence-unclosed", 4)]


@settings(max_examples=200)
@given(st.text(st.sampled_from('table hours,=“”"{}for not sort where columns and\n'), max_size=80))
def test_any_words_after_table_are_read(words: str) -> None:
    document = toolkits.parse(f"{HEAD}::: table {words}\n:::\n")
    assert toolkits.check(document, inserts={}) is not None


def test_unknown_inserts_and_columns_are_errors_at_their_line() -> None:
    text = f"{HEAD}Text\n::: table hour\n:::\n::: table hours columns name, phone sort size\n:::\n"
    found = toolkits.check(toolkits.parse(text), inserts={"hours": HOURS.columns})
    told = [(one.line, one.code) for one in found if one.code.startswith("unknown")]
    assert told == [(5, "unknown-insert"), (7, "unknown-column"), (7, "unknown-column")]
    assert "hours" in next(one.message for one in found if one.code == "unknown-insert")
    assert "Place, Name, Open" in next(one.message for one in found if one.line == 7)


def test_tables_are_left_alone_where_no_inserts_are_known() -> None:
    assert not {"unknown-insert"} & {one.code for one in toolkits.check(parsed("table x"))}


def test_a_table_is_shown_with_its_columns_conditions_and_order() -> None:
    document = toolkits.expanded(
        parsed("table hours columns NAME, open where place = WESTBURY sort name"), [HOURS]
    )
    html = toolkits.html(document, ())
    assert re.findall("<td>(.*?)</td>", html) == [
        *("Abbey Pharmacy", "10 to 4"),
        *("Mill Pharmacy", "9 to 5"),
    ]
    assert re.findall(r'<th scope="col">(.*?)</th>', html) == ["Name", "Open"]
    assert toolkits.text(document, ()) == (
        "- Name: Abbey Pharmacy; Open: 10 to 4\n- Name: Mill Pharmacy; Open: 9 to 5"
    )


def test_for_nobody_in_particular_everything_is_in_order_of_what_a_recipient_chooses_by() -> None:
    document = parsed("table hours columns name where place = {{ place }}")
    assert toolkits.text(toolkits.expanded(document, [HOURS]), ()) == (
        "- Place: Easton; Name: Old Pharmacy\n- Place: Westbury; Name: Mill Pharmacy\n"
        "- Place: westbury; Name: Abbey Pharmacy"
    )


def test_text_messages_get_lines() -> None:
    document = toolkits.expanded(parsed("sms table hours columns name"), [HOURS])
    assert toolkits.sms(document, ()).splitlines()[0] == "- Name: Mill Pharmacy"


@pytest.mark.parametrize(("inside", "said"), [("", "Nothing is listed"), ("Call **111**.", "111")])
def test_what_stands_in_the_fence_is_shown_when_no_row_fits(inside: str, said: str) -> None:
    document = parsed("table hours where place = Nowhere", inside)
    assert said in toolkits.text(toolkits.expanded(document, [HOURS]), ())


def test_a_table_that_is_gone_says_so() -> None:
    assert "cannot be shown" in toolkits.text(toolkits.expanded(parsed("table gone"), [HOURS]), ())


@settings(max_examples=200)
@given(st.lists(CELLS, min_size=2, max_size=2))
def test_every_cell_stays_the_text_it_is(cells: list[str]) -> None:
    table = Table("hours", "2", "", ("A", "B"), (tuple(cells),))
    html = toolkits.html(toolkits.expanded(parsed("table hours"), [table]), ())
    wanted = [" ".join(without_hidden(cell).split()) for cell in cells]
    assert [unescape(one) for one in re.findall("<td>(.*?)</td>", html)] == wanted


@pytest.mark.parametrize(
    "cell",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "a | b",
        "**b** `c` # d",
        "{{ contact }} {{ insert_1 }}",
        ":::",
        "<!-- -->",
        "![x](https://example.org/x.png)",
    ],
)
def test_a_hostile_cell_makes_no_element_and_no_slot(cell: str) -> None:
    table = Table("hours", "3", "", (cell,), ((cell,),))
    html = toolkits.html(toolkits.expanded(parsed("table hours"), [table]), ())
    assert set(re.findall("<([a-z]+)", html)) == {"table", "thead", "tbody", "tr", "th", "td"}
    assert toolkits.names(html) == ()
    assert unescape(html).count(cell) == 2


def test_a_cell_cannot_hold_a_mark() -> None:
    inner = toolkits.mark("confirm_link")
    nested = inner.replace(PREFIX, PREFIX[:3] + PREFIX + PREFIX[3:])
    assert toolkits.names(escaped(nested)) == toolkits.names(escaped(inner)) == ()


def test_long_tables_are_cut_and_say_so() -> None:
    rows = tuple((f"Row {number}", "x" * 400) for number in range(MOST_ROWS + 20))
    table = Table("hours", "4", "", ("A", "B"), rows)
    html = toolkits.html(toolkits.expanded(parsed("table hours"), [table]), ())
    assert html.count("<td>") == MOST_ROWS * 2
    assert "and 20 more." in html
    assert "<pre>" not in html


def test_the_widest_rows_are_shown() -> None:
    columns = tuple(f"C{number}" for number in range(30))
    table = Table("hours", "5", "", columns, (("&" * 500,) * 30,))
    html = toolkits.html(toolkits.expanded(parsed("table hours"), [table]), ())
    assert "<pre>" not in html
    assert html.count("&amp;") == 30 * 500


def test_a_table_by_recipient_is_one_block_in_both_parts() -> None:
    document, blocks = toolkits.with_blocks(
        parsed("table hours where place = {{ place }}"), [HOURS]
    )
    assert [one.number for one in blocks] == [1]
    assert toolkits.split_html(f"<div>{toolkits.html(document, ())}</div>") == (
        "<div>",
        toolkits.Slot("insert_1", "block"),
        "</div>",
    )


def test_a_block_takes_the_place_of_its_paragraph_whatever_its_style() -> None:
    marked = f'a<p style="margin: 0">{toolkits.mark("insert_2")}</p>b'
    assert toolkits.fill(marked, {"insert_2": "<p>x</p>"}) == "a<p>x</p>b"


def test_a_block_cannot_be_written_by_hand() -> None:
    document = toolkits.parse(f"{HEAD}{{{{ insert_1 }}}}\n\n{{{{ INSERT_1_text }}}}\n")
    assert toolkits.names(toolkits.html(document, ())) == ()
    assert "slot-malformed" in {one.code for one in toolkits.check(document)}


def test_rows_are_found_by_place_and_by_any_of_several_codes() -> None:
    query = TableQuery("hours", where=(Condition("Name", slot="code"),))
    table = Table("hours", "6", "", ("Name",), (("A1",), ("B2",), ("C3",), ("",)))
    assert Rows(table, query).of({"code": "b2, A1"}) == (("B2",), ("A1",))
    assert Rows(table, query).of({"code": ""}) == Rows(table, query).of({}) == ()
