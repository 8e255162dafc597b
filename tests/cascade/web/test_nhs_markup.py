"""The quick parts write what the NHS macros write."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import ChainableUndefined, Environment, PackageLoader
from markupsafe import Markup

from cascade.web.nhs_markup import is_plain_table, nhs_attributes, plain_table

NHS = Environment(
    loader=PackageLoader("nhsuk_frontend_jinja"),
    autoescape=True,
    undefined=ChainableUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
ATTRIBUTES = NHS.get_template("nhsuk/macros/attributes.jinja").module
TABLES = NHS.get_template("nhsuk/components/tables/macro.jinja").module

TEXTS = st.text(st.sampled_from("a 0<>&\"'é"), max_size=4)
VALUES = st.one_of(TEXTS, TEXTS.map(Markup.escape), st.booleans(), st.none(), st.integers(0, 9))
OPTIONS = st.fixed_dictionaries(
    {"value": VALUES}, optional={"optional": st.booleans(), "type": st.just("string")}
)
CELLS = st.fixed_dictionaries(
    {},
    optional={
        "text": st.one_of(TEXTS, st.integers(0, 9), st.none()),
        "html": st.sampled_from([Markup("<b>x</b>"), Markup("")]),
        "classes": st.sampled_from(["", "one two", "nhsuk-table__cell--numeric"]),
        "format": st.just("numeric"),
    },
)


def table_of(head: list[Any], rows: list[Any], flags: tuple[bool, bool]) -> dict[str, Any]:
    """A table with a caption."""
    responsive, named = flags
    caption = {"text": "Who & what", "size": "m", "classes": "x"}
    shape = {"responsive": responsive, "firstCellIsHeader": named, "classes": "y"}
    return {"caption": caption, **shape, "head": head, "rows": rows}


TABLE = st.builds(
    table_of,
    st.lists(CELLS, min_size=1, max_size=3),
    st.lists(st.lists(CELLS, max_size=3), max_size=2),
    st.tuples(st.booleans(), st.booleans()),
)


def without_spaces(html: object) -> str:
    """Markup without what browsers don't show."""
    return re.sub(r"\s+", " ", re.sub(r"\s*([<>])\s*", r"\1", str(html)))


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["class", "data-x"]), VALUES | OPTIONS))
def test_attributes_are_those_of_the_nhs_macro(attributes: dict[str, Any]) -> None:
    assert str(nhs_attributes(attributes)) == str(ATTRIBUTES.nhsukAttributes(attributes))


@pytest.mark.parametrize(
    "attributes",
    [
        None,
        Markup(' data-x="1"'),
        {"x": {"value": ["a<", 'b"', "c'"], "type": "array"}},
        {"x": ChainableUndefined()},
        {"x": {"value": ChainableUndefined(), "optional": True}},
    ],
)
def test_attributes_of_every_other_shape_are_too(attributes: Any) -> None:
    assert str(nhs_attributes(attributes)) == str(ATTRIBUTES.nhsukAttributes(attributes))


@settings(deadline=None)
@given(TABLE)
def test_a_table_is_that_of_the_nhs_macro(params: dict[str, Any]) -> None:
    assert is_plain_table(params)
    assert without_spaces(plain_table(params)) == without_spaces(TABLES.table(params))


@pytest.mark.parametrize("extra", [{"scroll": True}, {"card": {"heading": "x"}}, {"id": "x"}])
def test_a_table_with_extras_is_left_to_the_nhs_macro(extra: dict[str, Any]) -> None:
    assert not is_plain_table(table_of([{"text": "x"}], [], (True, True)) | extra)


@pytest.mark.parametrize(
    "cell", ["x", {"text": "x", "colspan": 2}, {"text": "x", "format": "string"}]
)
def test_so_is_a_table_with_such_a_cell(cell: Any) -> None:
    assert not is_plain_table(table_of([{"text": "x"}], [[cell]], (True, True)))


def test_what_people_typed_is_never_markup() -> None:
    evil = "<script>alert(1)</script>"
    written = plain_table(table_of([{"text": evil}], [[{"text": evil}]], (True, True)))

    assert "<script>" not in written
    assert nhs_attributes({"x": '" onload="x'}) == ' x="&#34; onload=&#34;x"'
