"""A file becomes an insert in two steps: what it changes is shown, then exactly that is done."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, undefer

from cascade.cleaning import cut
from cascade.errors import BadInput, NotFound, Refused
from cascade.inserts import keeping
from cascade.inserts.differences import Difference, difference
from cascade.inserts.reading import Given
from cascade.inserts.records import Insert, InsertUpload
from toolkits.tables import key

LASTS = timedelta(hours=24)


def keep(
    session: Session,
    given: Given,
    *,
    name: str,
    title: str,
    file: str,
    asked: Collection[str],
    by: str,
    now: datetime,
) -> InsertUpload:
    """Keep a table until its difference was looked at, in place of the person's one before.

    `asked`: columns that toolkits ask for. Raises BadInput for a name that can't be one, and when
    such a column is missing.
    """
    insert = session.scalar(select(Insert).where(Insert.name == name))
    if insert is None:
        keeping.check_name(name)
    refuse_missing(given, asked)
    session.execute(
        delete(InsertUpload).where((InsertUpload.until < now) | (InsertUpload.by == by))
    )
    made = InsertUpload(
        by=by,
        until=now + LASTS,
        file=cut(file, 200),
        name=name,
        title=cut(title, keeping.LONGEST_TITLE),
        revision=insert.revision if insert else 0,
        columns=list(given.columns),
        cells=[list(row) for row in given.rows],
    )
    session.add(made)
    session.flush()
    return made


def refuse_missing(given: Given, asked: Collection[str]) -> None:
    """Raise BadInput that names the columns that toolkits ask for and the table doesn't have."""
    there = {key(one) for one in given.columns}
    lacking = [one for one in dict.fromkeys(asked) if key(one) not in there]
    if lacking:
        many = "columns" if len(lacking) > 1 else "column"
        raise BadInput(
            f"The table lacks the {many} {_listed(lacking)}, which toolkits show. Its first line "
            f"names: {_listed(given.columns)}. Nothing was changed."
        )


def get(session: Session, number: int, *, by: str, now: datetime) -> InsertUpload:
    """Somebody's own table that waits; raises NotFound, also when its time is over."""
    found = session.scalar(
        select(InsertUpload)
        .where(InsertUpload.id == number, InsertUpload.by == by, InsertUpload.until >= now)
        .options(undefer(InsertUpload.cells))
    )
    if found is None:
        raise NotFound("This file is not waiting any more. Choose it again.")
    return found


def given(upload: InsertUpload) -> Given:
    """The table that waits."""
    return Given(tuple(upload.columns), tuple(map(tuple, upload.cells)))


def changes(session: Session, upload: InsertUpload) -> Difference:
    """What it would change of the insert as it stands."""
    insert = session.scalar(select(Insert).where(Insert.name == upload.name))
    now = given(upload)
    before = keeping.given(session, insert, insert.revision) if insert else Given(now.columns, ())
    return difference((before.columns, before.rows), (now.columns, now.rows))


def do(
    session: Session, upload: InsertUpload, *, asked: Collection[str], by: str, now: datetime
) -> Insert:
    """Make it the next revision. Raises Refused when nothing differs, BadInput as `keep` does.

    Raises keeping.Overtaken when the insert is not as it was when the difference was shown.
    """
    wanted = given(upload)
    refuse_missing(wanted, asked)
    what = changes(session, upload)
    if upload.revision:
        insert = keeping.find(session, upload.name)
        was = keeping.state(session, insert, insert.revision)
        if was.digest == keeping.digest(wanted):
            raise Refused("The file holds the very table that stands. Nothing was changed.")
    else:
        insert = keeping.begin(session, upload.name, upload.title, by=by, now=now)
    said = f"File {upload.file}: {what}"
    keeping.keep(session, insert, wanted, revision=upload.revision, said=said, by=by, now=now)
    session.delete(upload)
    session.flush()
    session.refresh(insert)
    return insert


def _listed(columns: Collection[str]) -> str:
    return ", ".join(f"“{one}”" for one in columns)
