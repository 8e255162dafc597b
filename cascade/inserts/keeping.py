"""Keep an insert: each state of it is a revision that stays readable."""

import hashlib
import json
from datetime import datetime

from sqlalchemy import Select, Text, cast, select, update
from sqlalchemy import insert as insert_into
from sqlalchemy.orm import Session

from cascade.cleaning import cut
from cascade.errors import BadInput, NotFound, Refused
from cascade.inserts.reading import Given
from cascade.inserts.records import Insert, InsertRevision, InsertRow
from toolkits.table_fences import NAME

LONGEST_NAME = 60
LONGEST_TITLE = 200
_RESERVED = ("new", "uploads")
_BATCH = 500


class Overtaken(Refused):
    """Somebody else changed the insert meanwhile."""


def find(session: Session, name: str) -> Insert:
    """The insert of a name; raises NotFound."""
    found = session.scalar(select(Insert).where(Insert.name == name))
    if found is None:
        raise NotFound(f"There is no insert called “{cut(name, 60)}”.")
    return found


def state(session: Session, insert: Insert, revision: int) -> InsertRevision:
    """One revision; raises NotFound."""
    found = session.get(InsertRevision, (insert.id, revision))
    if found is None:
        raise NotFound(f"“{insert.name}” has no revision {revision}.")
    return found


def check_name(name: str) -> None:
    """Raise BadInput for what can't be the name of an insert."""
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME or name in _RESERVED:
        raise BadInput(
            "The name can't be used.",
            ["name: Use small letters, digits and hyphens, such as opening-hours"],
        )


def begin(session: Session, name: str, title: str, *, by: str, now: datetime) -> Insert:
    """A new insert without rows; raises BadInput, and Refused when the name is taken."""
    check_name(name)
    if session.scalar(select(Insert.id).where(Insert.name == name)):
        raise Refused(f"There is an insert called “{name}” already.")
    made = Insert(
        name=name,
        title=cut(title, LONGEST_TITLE) or name.replace("-", " ").capitalize(),
        columns=[],
        rows=0,
        revision=0,
        changed_at=now,
        changed_by=by,
    )
    session.add(made)
    session.flush()
    return made


def keep(
    session: Session,
    insert: Insert,
    given: Given,
    *,
    revision: int,
    said: str,
    by: str,
    now: datetime,
) -> int:
    """Make the whole table the next revision of an insert that was at `revision`; gives its number.

    Raises Overtaken when it is at another revision by now.
    """
    next_one = _count_on(session, insert, revision, given, by, now)
    rows = {one.number: one for one in session.scalars(_standing(insert))}
    new = []
    for number, cells in enumerate(given.rows, start=1):
        old = rows.pop(number, None)
        if old is None or tuple(old.cells) != cells:
            new.append(
                {"insert_id": insert.id, "number": number, "since": next_one, "cells": list(cells)}
            )
            if old is not None:
                old.until = next_one
    for gone in rows.values():
        gone.until = next_one
    session.flush()
    for start in range(0, len(new), _BATCH):
        session.execute(insert_into(InsertRow), new[start : start + _BATCH])
    session.add(
        InsertRevision(
            insert_id=insert.id,
            revision=next_one,
            columns=list(given.columns),
            rows=len(given.rows),
            digest=digest(given),
            said=cut(said, 300),
            at=now,
            by=by,
        )
    )
    session.flush()
    return next_one


def digest(given: Given) -> str:
    """What is the same for the same table."""
    return hashlib.sha256(json.dumps([given.columns, given.rows]).encode()).hexdigest()


def given(session: Session, insert: Insert, revision: int) -> Given:
    """The table as it was in one revision; raises NotFound."""
    was = state(session, insert, revision)
    return Given(tuple(was.columns), cells(session, insert, revision, first=1, last=was.rows))


def cells(
    session: Session, insert: Insert, revision: int, *, first: int, last: int
) -> tuple[tuple[str, ...], ...]:
    """Rows of a revision from one place to another, both among them."""
    found = session.scalars(
        # As text: five thousand lists are read in one go in 1 ms, one by one in 11.
        select(cast(InsertRow.cells, Text))
        .where(
            InsertRow.insert_id == insert.id,
            InsertRow.number.between(first, last),
            InsertRow.since <= revision,
            InsertRow.until.is_(None) | (InsertRow.until > revision),
        )
        .order_by(InsertRow.number)
    )
    return tuple(map(tuple, json.loads(f"[{','.join(found)}]")))


def _count_on(
    session: Session, insert: Insert, revision: int, given: Given, by: str, now: datetime
) -> int:
    change = (
        update(Insert)
        .where(Insert.id == insert.id, Insert.revision == revision)
        .values(
            revision=revision + 1,
            columns=list(given.columns),
            rows=len(given.rows),
            changed_at=now,
            changed_by=by,
        )
        .returning(Insert.revision)
    )
    if session.execute(change).first() is None:
        session.refresh(insert)
        raise Overtaken(
            f"{insert.changed_by} changed this table meanwhile. Look at it again, then decide."
        )
    return revision + 1


def _standing(insert: Insert) -> Select[InsertRow]:
    return select(InsertRow).where(InsertRow.insert_id == insert.id, InsertRow.until.is_(None))
