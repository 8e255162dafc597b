"""Our macro of tables writes what the NHS macro writes."""

import re
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import (
    BaseLoader,
    ChainableUndefined,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
)
from markupsafe import Markup

from cascade.web import tables

MACRO = "nhsuk/components/tables/macro.jinja"
NHS = PackageLoader("nhsuk_frontend_jinja")
OURS = ChoiceLoader([FileSystemLoader("templates/pages"), NHS])

TEXTS = st.text(st.sampled_from("a 0<>&\"'é"), max_size=4)
CELLS = st.fixed_dictionaries(
    {},
    optional={
        "text": st.one_of(TEXTS, TEXTS.map(Markup.escape), st.integers(0, 9), st.none()),
        "html": st.sampled_from([Markup("<b>x</b>"), Markup("")]),
        "classes": st.sampled_from(["", "one two"]),
        "format": st.just("numeric"),
    },
)


@cache
def macros(loader: BaseLoader) -> Any:
    """The macros as the pages load them."""
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["quick_table"] = tables.written
    return environment.get_template(MACRO).module


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


def written(loader: BaseLoader, params: dict[str, Any]) -> str:
    """Markup without what browsers don't show."""
    html = str(macros(loader).table(params))
    return re.sub(r"\s+", " ", re.sub(r"\s*([<>])\s*", r"\1", html)).strip()


@given(TABLE)
def test_a_table_is_that_of_the_nhs_macro(params: dict[str, Any]) -> None:
    assert written(OURS, params) == written(NHS, params)


@pytest.mark.parametrize(
    "extra",
    [
        {"scroll": True},
        {"card": {"heading": "x"}},
        {"id": "x"},
        {"caption": "x"},
        {"rows": [["x"]]},
        {"rows": [[{"text": "x", "attributes": {"id": "y"}}]]},
        {"head": [{"text": "x", "sort": "ascending"}]},
    ],
)
def test_a_table_that_asks_for_more_is_left_to_the_nhs_macro(extra: dict[str, Any]) -> None:
    params = table_of([{"text": "x"}], [[{"text": "1"}]], (False, True)) | extra
    assert written(OURS, params) == written(NHS, params)


def test_what_people_typed_is_never_markup() -> None:
    evil = "<script>alert(1)</script>"
    params = table_of([{"text": evil}], [[{"text": evil, "classes": evil}]], (True, True))
    assert "<script>" not in written(OURS, params)
