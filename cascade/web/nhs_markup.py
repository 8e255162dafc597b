"""What the NHS macros write most of, written quickly: attributes, and tables without extras.

A table of 50 lines took a tenth of a second by its macro, nearly all of it for attributes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from jinja2 import Undefined
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape

Cell = Mapping[str, Any]

_TABLE = frozenset({"caption", "responsive", "firstCellIsHeader", "classes", "head", "rows"})
_CAPTION = frozenset({"text", "html", "size", "classes"})
_CELL = frozenset({"text", "html", "classes", "format"})
_HIDDEN = '<span class="nhsuk-table__heading" aria-hidden="true">'
_NO_CELL: Cell = {}


def nhs_attributes(attributes: object) -> Markup:
    """Attributes of an element in the words of the NHS macro: texts, or values with options."""
    if isinstance(attributes, str):
        return Markup(attributes)  # put together by the macros from other attributes
    if not isinstance(attributes, Mapping):
        return Markup()
    return Markup("".join(_attribute(name, value) for name, value in attributes.items()))


def is_plain_table(params: Mapping[str, Any]) -> bool:
    """Whether a table uses only what `plain_table` knows."""
    caption = params.get("caption", _NO_CELL)
    cells = (cell for row in (params["head"], *params["rows"]) for cell in row)
    return (
        _TABLE.issuperset(params)
        and isinstance(caption, Mapping)
        and _CAPTION.issuperset(caption)
        and all(map(_is_plain, cells))
    )


def plain_table(params: Mapping[str, Any]) -> Markup:
    """The table that the NHS macro writes, but for spaces between elements."""
    responsive, head = bool(params.get("responsive")), params["head"]
    classes = _joined("nhsuk-table", responsive and "nhsuk-table--responsive", _classes(params))
    role = _roles(responsive)
    body = "\n".join(
        f'<tr class="nhsuk-table__row"{role("row")}>{"".join(_cells(params, row))}</tr>'
        for row in params["rows"]
    )
    return Markup(
        f'<table class="{escape(classes)}"{role("table")}>\n{_caption(params)}'
        f'<thead class="nhsuk-table__head"{role("rowgroup")}>\n'
        f'<tr class="nhsuk-table__row"{role("row")}>{"".join(_heads(head, role))}</tr>\n</thead>\n'
        f'<tbody class="nhsuk-table__body">\n{body}\n</tbody>\n</table>'
    )


def _is_plain(cell: object) -> bool:
    return (
        isinstance(cell, Mapping)
        and _CELL.issuperset(cell)
        and cell.get("format", "numeric") == "numeric"
    )


def _attribute(name: object, given: object) -> str:
    options = given if isinstance(given, Mapping) else MappingProxyType({"value": given})
    value, optional = options.get("value"), options.get("optional") is True
    is_missing = value is None or isinstance(value, Undefined)
    if optional and (is_missing or value is False):
        return ""
    if optional and value is True:
        return f" {escape(name)}"
    written = "" if is_missing else _written(value, options.get("type"))
    quote = "'" if '"' in written else '"'
    return f" {escape(name)}={quote}{written}{quote}"


def _written(value: object, type_: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if type_ == "array" and isinstance(value, Iterable) and not isinstance(value, Markup):
        return str(htmlsafe_json_dumps(value))
    return str(escape(value))


def _caption(params: Mapping[str, Any]) -> str:
    caption = params.get("caption", _NO_CELL)
    words = _inner(caption)
    if not words:
        return ""
    size, classes = caption.get("size"), _classes(caption)
    sized = f"nhsuk-table__caption--{size}" if size in ("s", "m", "l", "xl") else ""
    named = _joined("nhsuk-table__caption", sized, classes)
    return f'<caption class="{escape(named)}">{words}</caption>\n'


def _heads(head: Sequence[Cell], role: Callable[[str], str]) -> Iterator[str]:
    for cell in head:
        classes = _cell_classes("nhsuk-table__header", cell, cell.get("format"))
        yield f'<th class="{classes}" scope="col"{role("columnheader")}>{_inner(cell)}</th>'


def _cells(params: Mapping[str, Any], row: Sequence[Cell]) -> Iterator[str]:
    head, responsive = params["head"], bool(params.get("responsive"))
    role = _roles(responsive)
    for number, cell in enumerate(row):
        header = head[number] if number < len(head) else _NO_CELL
        is_header = number == 0 and bool(params.get("firstCellIsHeader"))
        element, kind = ("th", "header") if is_header else ("td", "cell")
        classes = _cell_classes(
            f"nhsuk-table__{kind}", cell, cell.get("format", header.get("format"))
        )
        scope = ' scope="row"' if is_header else ""
        part = role("rowheader" if is_header else "cell")
        yield (
            f'<{element} class="{classes}"{scope}{part}>'
            f"{_named(header, cell) if responsive and header else _inner(cell)}</{element}>"
        )


def _named(header: Cell, cell: Cell) -> str:
    """What stands in a cell, behind the column's name that narrow screens show."""
    inner = _inner(cell)
    return (
        f"{_HIDDEN}{_inner(header)} </span>{f'<span>{inner}</span>' if cell.get('html') else inner}"
    )


def _inner(cell: Cell) -> str:
    # Whatever a page gives as HTML is a block of its own template, escaped there.
    if html := cell.get("html"):
        return str(html).strip()
    words = cell.get("text")
    return str(escape(words)).strip() if words else ""


def _cell_classes(own: str, cell: Cell, format_: object) -> str:
    classes = _classes(cell)
    numeric = f"{own}--numeric"
    is_numeric = format_ == "numeric" and numeric not in classes
    return str(escape(_joined(own, is_numeric and numeric, classes)))


def _classes(of: Mapping[str, Any]) -> str:
    return str(of.get("classes") or "")


def _roles(responsive: bool) -> Callable[[str], str]:
    return (lambda name: f' role="{name}"') if responsive else (lambda name: "")


def _joined(*classes: str | bool) -> str:
    return " ".join(one for one in classes if isinstance(one, str) and one)
