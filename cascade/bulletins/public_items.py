"""Which items of issues anybody may read: an item is as public as its toolkit."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, aliased

from cascade.library.records import ShelfEntry, Toolkit
from cascade.sending.records import IssueItem
from cascade.shelf.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Named:
    """An item by the toolkit that it is of."""

    toolkit: str
    title: str
    """Marked text: slots that differ by reader are marks in it."""
    is_on_shelf: bool
    """Whether the library has a page of it."""


def hidden(
    session: Session, of: Catalogue, versions: Collection[int]
) -> Mapping[int, frozenset[str]]:
    """Items that are left out of some texts of issues.

    Of toolkits that their author kept out of the library then, or has taken out since.
    """
    found: dict[int, set[str]] = defaultdict(set)
    rows = session.execute(
        select(IssueItem.version_id, IssueItem.item, ShelfEntry.public, Toolkit.name)
        .join(ShelfEntry, ShelfEntry.version_id == IssueItem.item_version_id)
        .join(Toolkit, Toolkit.id == ShelfEntry.toolkit_id)
        .where(IssueItem.version_id.in_(versions), or_(~ShelfEntry.public, _ever_kept_out()))
    )
    for row in rows:
        if not row.public or row.name not in of.languages:
            found[row.version_id].add(row.item)
    return {version: frozenset(items) for version, items in found.items()}


def named(
    session: Session, of: Catalogue, versions: Collection[int]
) -> Mapping[int, Mapping[str, Named]]:
    """All items of some texts of issues, by their names."""
    found: dict[int, dict[str, Named]] = defaultdict(dict)
    rows = session.execute(
        select(IssueItem.version_id, IssueItem.item, ShelfEntry.title, Toolkit.name)
        .join(ShelfEntry, ShelfEntry.version_id == IssueItem.item_version_id)
        .join(Toolkit, Toolkit.id == ShelfEntry.toolkit_id)
        .where(IssueItem.version_id.in_(versions))
    )
    for row in rows:
        found[row.version_id][row.item] = Named(row.name, row.title, row.name in of.languages)
    return found


def _ever_kept_out() -> ColumnElement[bool]:
    """Cheap, and true of few: only these are looked for in the library."""
    other = aliased(ShelfEntry)
    return exists().where(other.toolkit_id == ShelfEntry.toolkit_id, ~other.public)
