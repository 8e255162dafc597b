"""Lists: the inserts there are, the rows of one, its revisions."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cascade.inserts import keeping
from cascade.inserts.records import Insert, InsertRevision
from cascade.paging import Page
from toolkits.tables import key

NumberedRow = tuple[int, tuple[str, ...]]
"""Its place in the table, from 1, and its cells."""

_BETWEEN = "\0"
"""Between cells: no search has it, so that none is found across two of them."""


def listing(session: Session, *, search: str, page: int, size: int) -> Page[Insert]:
    """The inserts with these words in name or title, by title."""
    query = select(Insert)
    if search:
        query = query.where(
            Insert.title.icontains(search, autoescape=True)
            | Insert.name.icontains(search, autoescape=True)
        )
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    found = session.scalars(
        query.order_by(Insert.title, Insert.id).offset((page - 1) * size).limit(size)
    )
    return Page(tuple(found), page, size, total)


def rows(
    session: Session,
    insert: Insert,
    revision: int,
    *,
    search: str,
    sort: int,
    page: int,
    size: int,
) -> Page[NumberedRow]:
    """Rows of a revision with these words in a cell; `sort`: the number of a column, 0: none.

    To search or to sort, the table is read whole, which is 5,000 rows at most.
    """
    start = (page - 1) * size
    if not search and not sort:
        there = keeping.cells(session, insert, revision, first=start + 1, last=start + size)
        total = keeping.state(session, insert, revision).rows
        return Page(tuple(enumerate(there, start=start + 1)), page, size, total)
    wanted = key(search)
    every = enumerate(keeping.given(session, insert, revision).rows, start=1)
    found = [one for one in every if wanted in key(_BETWEEN.join(one[1]))]
    if found and 0 < sort <= len(found[0][1]):
        found.sort(key=lambda one: key(one[1][sort - 1]))
    return Page(tuple(found[start : start + size]), page, size, len(found))


def revisions(session: Session, insert: Insert, *, page: int, size: int) -> Page[InsertRevision]:
    """What was done to it, newest first."""
    found = session.scalars(
        select(InsertRevision)
        .where(InsertRevision.insert_id == insert.id)
        .order_by(InsertRevision.revision.desc())
        .offset((page - 1) * size)
        .limit(size)
    )
    return Page(tuple(found), page, size, insert.revision)
