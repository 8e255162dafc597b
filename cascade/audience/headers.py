"""Match the header of a file to the fields of a layout."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cascade.audience.layouts import Field, Layout, folded_header
from cascade.errors import BadInput

PROBLEM = "problem"
"""The column that a file of rejects has more than the file it came from."""

_SHOWN = 12
_LONGEST_ATTRIBUTE = 60


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what."""

    header: tuple[str, ...]
    fields: Mapping[str, int]
    attributes: Mapping[str, int]
    """Columns that no field claims: kept with the organisation under these names."""
    unnamed: tuple[int, ...] = ()
    """Columns without a heading, which must be empty."""


def likeness(cells: Sequence[str], layout: Layout) -> int:
    """How many fields of the layout this line names, as far as it could be its header."""
    words = {folded_header(cell) for cell in cells}
    return sum(1 for field in layout.fields if not words.isdisjoint(_words(field)))


def match(cells: Sequence[str], layout: Layout, given: Collection[str] = ()) -> Columns:
    """Say which column is which, or raise BadInput; fields in `given` need no column."""
    header = tuple(" ".join(cell.split()) for cell in cells)
    folded = [folded_header(title) for title in header]
    fields = _fields(header, folded, layout)
    _refuse_missing(header, layout, {*fields, *given})
    _refuse_twins(header, folded)
    rest = [
        at
        for at, word in enumerate(folded)
        if word and word != PROBLEM and at not in fields.values()
    ]
    unnamed = tuple(at for at, title in enumerate(header) if not title)
    return Columns(header, fields, {attribute_name(header[at]): at for at in rest}, unnamed)


def _words(field: Field) -> set[str]:
    return {folded_header(word) for word in (field.name, *field.words, *field.weak)}


def _fields(header: Sequence[str], folded: Sequence[str], layout: Layout) -> dict[str, int]:
    found: dict[str, int] = {}
    for field in layout.fields:
        column = _strong(field, header, folded)
        if column is not None:
            found[field.name] = column
    for field in layout.fields:
        weak = (folded_header(word) for word in field.weak)
        free = (folded.index(w) for w in weak if w in folded)
        column = next((at for at in free if at not in found.values()), None)
        if field.name not in found and column is not None:
            found[field.name] = column
    return found


def _strong(field: Field, header: Sequence[str], folded: Sequence[str]) -> int | None:
    words = {folded_header(word) for word in (field.name, *field.words)}
    columns = [at for at, word in enumerate(folded) if word in words]
    if len(columns) > 1:
        titles = " and ".join(f"“{header[at]}”" for at in columns)
        raise BadInput(
            f"Two columns could be the {field.name}: {titles}. "
            "Rename or delete the one that is not meant, then import again."
        )
    return columns[0] if columns else None


def _refuse_twins(header: Sequence[str], folded: Sequence[str]) -> None:
    counted = Counter(word for word in folded if word)
    twins = {word for word, times in counted.items() if times > 1}
    if twins:
        titles = ", ".join(
            f"“{t}”" for t, word in zip(header, folded, strict=True) if word in twins
        )
        raise BadInput(f"Columns with the same heading: {titles}. Give each its own.")


def _refuse_missing(header: Sequence[str], layout: Layout, found: Collection[str]) -> None:
    missing = [field.name for field in layout.fields if field.needed and field.name not in found]
    if not missing:
        return
    titles = [f"“{title[:40]}”" for title in header if title]
    seen = ", ".join(titles[:_SHOWN]) + (" …" if len(titles) > _SHOWN else "")
    kind = (
        " Or say what kind all of them are (on the command line: --kind)."
        if missing == ["kind"]
        else ""
    )
    raise BadInput(
        f"The header has no column for: {', '.join(missing)}. Found: {seen or 'nothing'}. "
        f"The first line should name the columns, for example organisation, kind, email.{kind}"
    )


def attribute_name(title: str) -> str:
    """How a column that no field claims is kept: `Number of beds` as `number-of-beds`."""
    words = re.sub(r"\([^)]*\)|['’]", "", title.casefold())
    return re.sub(r"[\W_]+", "-", words).strip("-")[:_LONGEST_ATTRIBUTE]
