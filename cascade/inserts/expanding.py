"""The tables that texts show: as they are now, or as they were when a cascade was released."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

import toolkits
from cascade.errors import Refused
from cascade.inserts import keeping
from cascade.inserts.records import CascadeInsert, Insert, InsertRevision
from toolkits import Table
from toolkits.tables import missing

Tables = tuple[Table, ...]


def expanded(session: Session, document: toolkits.Document) -> toolkits.Document:
    """The document with its tables as ordinary Markdown, for nobody in particular."""
    names = named(document)
    return toolkits.expanded(document, now(session, names)) if names else document


def named(document: toolkits.Document) -> tuple[str, ...]:
    """The inserts that a document shows, each once."""
    return tuple(sorted({one.table.name for one in document.sections if one.table}))


def named_in(text: str) -> tuple[str, ...]:
    """The inserts that a text shows; one without the word is not even parsed."""
    return named(toolkits.parse(text)) if "table" in text.lower() and ":::" in text else ()


def known(session: Session) -> dict[str, tuple[str, ...]]:
    """The columns of every insert by its name, as `toolkits.check` wants them."""
    rows = session.execute(select(Insert.name, Insert.columns).order_by(Insert.name))
    return {row.name: tuple(row.columns) for row in rows}


def now(session: Session, names: Iterable[str]) -> Tables:
    """The newest revisions of some inserts; a name that there is none of is left out."""
    wanted = tuple(names)
    if not wanted:
        return ()
    found = session.scalars(select(Insert).where(Insert.name.in_(wanted)).order_by(Insert.name))
    return tuple(_table(session, one, one.revision) for one in found)


def of_text(session: Session, text: str) -> Tables:
    """The newest revisions of what a text shows."""
    return now(session, named_in(text))


def shown(session: Session, documents: Iterable[toolkits.Document]) -> tuple[Insert, ...]:
    """The inserts that some texts show; raises Refused when one, or a column, isn't there."""
    queries = [one.table for document in documents for one in document.sections if one.table]
    names = {query.name for query in queries}
    if not names:
        return ()
    found = {one.name: one for one in session.scalars(select(Insert).where(Insert.name.in_(names)))}
    for query in queries:
        if query.name not in found:
            raise Refused(f"The toolkit shows the table “{query.name}”, which is not there.")
        if lacking := missing(query, tuple(found[query.name].columns)):
            raise Refused(
                f"The toolkit shows the column “{lacking[0]}” of “{query.name}”, which that table "
                "doesn't have."
            )
    return tuple(found.values())


def freeze(session: Session, cascade: int, documents: Iterable[toolkits.Document]) -> None:
    """Write down which revisions a cascade shows; raises Refused as `shown` does."""
    session.add_all(
        CascadeInsert(cascade_id=cascade, insert_id=one.id, revision=one.revision)
        for one in shown(session, documents)
    )


def of_cascade(session: Session, cascade: int, text: str) -> Tables:
    """What a text of a cascade shows, as it was at the release."""
    names = named_in(text)
    if not names:
        return ()
    rows = session.execute(
        select(Insert, CascadeInsert.revision)
        .join(CascadeInsert, CascadeInsert.insert_id == Insert.id)
        .where(CascadeInsert.cascade_id == cascade, Insert.name.in_(names))
        .order_by(Insert.name)
    )
    return tuple(_table(session, insert, revision) for insert, revision in rows)


def _table(session: Session, insert: Insert, revision: int) -> Table:
    was = keeping.state(session, insert, revision)
    kept = _KEPT.get((insert.name, was.digest))
    return kept or _load(session, insert, was)


_KEPT: dict[tuple[str, str], Table] = {}
"""Tables in use: a page behind a link shows one without reading its rows again."""
_MOST_KEPT = 32


def _load(session: Session, insert: Insert, was: InsertRevision) -> Table:
    held = keeping.given(session, insert, was.revision)
    table = Table(insert.name, was.digest, insert.title, held.columns, held.rows)
    if len(_KEPT) >= _MOST_KEPT:
        _KEPT.clear()
    _KEPT[insert.name, was.digest] = table
    return table
