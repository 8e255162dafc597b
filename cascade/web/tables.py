"""Write the NHS tables of our lists: decision 25 says why no template does it."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

_TABLE = {"caption", "responsive", "firstCellIsHeader", "classes", "head", "rows"}
_CAPTION = {"text", "size", "classes"}
_CELL = {"text", "html", "classes", "format"}
_ROLE = {name: f' role="{name}"' for name in ("cell", "columnheader", "row", "rowgroup", "table")}
_ROLE["rowheader"] = ' role="rowheader"'

Cell = Mapping[str, Any]


def written(params: Mapping[str, Any]) -> Markup | None:
    """What the NHS macro writes for a table; None: one that asks for more than our lists do."""
    caption, head, rows = params.get("caption"), params.get("head"), params.get("rows")
    if not (_asks(params, _TABLE) and _asks(caption, _CAPTION) and head and rows is not None):
        return None
    if not all(_asks(cell, _CELL) for row in (head, *rows) for cell in row):
        return None
    roles = dict.fromkeys(_ROLE, "") | (_ROLE if params.get("responsive") else {})
    responsive = " nhsuk-table--responsive" if params.get("responsive") else ""
    classes = f"nhsuk-table{responsive}{_more(params.get('classes'))}"
    parts = (
        f'<table class="{classes}"{roles["table"]}>\n',
        _caption(caption or {}),
        f'<thead class="nhsuk-table__head"{roles["rowgroup"]}>\n',
        f'<tr class="nhsuk-table__row"{roles["row"]}>{_headings(head, roles)}</tr>\n</thead>\n',
        '<tbody class="nhsuk-table__body">\n',
        *_rows(head, rows, roles, named=bool(params.get("firstCellIsHeader"))),
        "</tbody>\n</table>",
    )
    # Safe: what people typed went through `_value`, `_more` or `escape`.
    return Markup("".join(parts))


def _asks(of: object, known: set[str]) -> bool:
    """Whether it is something with these keys, or fewer of them."""
    return isinstance(of, Mapping) and of.keys() <= known


def _caption(caption: Cell) -> str:
    if not caption.get("text"):
        return ""
    size = caption.get("size")
    sized = f" nhsuk-table__caption--{escape(size)}" if size else ""
    classes = f"nhsuk-table__caption{sized}{_more(caption.get('classes'))}"
    return f'<caption class="{classes}">{escape(caption["text"])}</caption>\n'


def _headings(head: Sequence[Cell], roles: Mapping[str, str]) -> str:
    start, numeric = "nhsuk-table__header", " nhsuk-table__header--numeric"
    return "".join(
        f'<th class="{start}{numeric if cell.get("format") == "numeric" else ""}'
        f'{_more(cell.get("classes"))}" scope="col"{roles["columnheader"]}>{_value(cell)}</th>'
        for cell in head
    )


def _rows(
    head: Sequence[Cell], rows: Sequence[Sequence[Cell]], roles: Mapping[str, str], *, named: bool
) -> list[str]:
    widest = max(map(len, (head, *rows)))
    # Beside each cell of a narrow screen stands what its column is called.
    said = [_said(_value(cell)) if cell else "" for cell in head] if roles["table"] else []
    said += [_said("") if roles["table"] else ""] * (widest - len(said))
    numeric = [cell.get("format") == "numeric" for cell in head] + [False] * widest
    lines = []
    for row in rows:
        cells = (
            _cell(cell, said[at], roles, numeric=numeric[at], named=named and not at)
            for at, cell in enumerate(row)
        )
        lines.append(f'<tr class="nhsuk-table__row"{roles["row"]}>{"".join(cells)}</tr>\n')
    return lines


def _said(heading: str) -> str:
    return f'<span class="nhsuk-table__heading" aria-hidden="true">{heading} </span>'


def _cell(cell: Cell, said: str, roles: Mapping[str, str], *, numeric: bool, named: bool) -> str:
    element, start = ("th", "nhsuk-table__header") if named else ("td", "nhsuk-table__cell")
    sized = f" {start}--numeric" if numeric or cell.get("format") else ""
    role = f' scope="row"{roles["rowheader"]}' if named else roles["cell"]
    value = _value(cell)
    if said and cell.get("html"):
        value = f"<span>{value}</span>"
    classes = f"{start}{sized}{_more(cell.get('classes'))}"
    return f'<{element} class="{classes}"{role}>{said}{value}</{element}>'


def _value(cell: Cell) -> str:
    html, words = cell.get("html"), cell.get("text")
    return str(html).strip() if html else str(escape(words)).strip() if words else ""


def _more(classes: object) -> str:
    return f" {escape(classes)}" if classes else ""
