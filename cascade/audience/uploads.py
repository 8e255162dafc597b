"""Files that are imported in two steps: the difference is shown, then exactly that is done."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, undefer

from cascade.audience.gathering import Gathered
from cascade.audience.importing import Options, import_lines, read_lines
from cascade.audience.reading import Table, read_table
from cascade.audience.records import Upload
from cascade.audience.rejecting import rejects_file
from cascade.audience.results import ImportResult
from cascade.cleaning import cut
from cascade.errors import BadInput, NotFound, Refused

MOST_BYTES = 20_000_000
"""Of a file in the browser; the command line takes more."""

LASTS = timedelta(hours=24)
"""How long a file waits to be imported, and its rejects to be fetched."""

SHOWN = 200
"""Lines of each sort that are shown: added, changed, closed, rejected."""


class Differs(Refused):
    """The import would not do any more what was shown; the new difference is kept."""


@dataclass(frozen=True, slots=True)
class Read:
    """A file in normal form, which needs no lock."""

    name: str
    content: bytes
    table: Table
    gathered: Gathered
    options: Options


def read(session: Session, name: str, content: bytes, *, kind: str, complete: bool) -> Read:
    """Read the file; raises BadInput when there is no table of organisations in it."""
    if not content:
        raise BadInput("The file is empty. Give a CSV file or an Excel workbook (.xlsx).")
    table = read_table(content, given=("kind",) if kind else ())
    gathered = read_lines(session, table, Options(kind))
    options = Options(
        kind,
        dry_run=True,
        complete=complete,
        # Closures are shown before they are done, however many. But a line that doesn't say
        # whom it is about may be about anybody: then nobody counts as missing.
        force=not gathered.nameless,
        examples=SHOWN,
        fingerprint=True,
    )
    return Read(name, content, table, gathered, options)


def keep(session: Session, file: Read, *, by: str, now: datetime) -> Upload:
    """Keep the file with its difference, in place of one that the same person left waiting."""
    session.execute(delete(Upload).where((Upload.until < now) | (Upload.by == by)))
    found = import_lines(session, file.table, file.gathered, now, file.options)
    upload = Upload(
        by=by,
        at=now,
        until=now + LASTS,
        name=cut(file.name, 200),
        content=file.content,
        kind=file.options.kind,
        complete=file.options.complete,
        shown=_plain(found),
        fingerprint=found.fingerprint,
    )
    session.add(upload)
    session.flush()
    return upload


def get(session: Session, number: int, *, by: str, now: datetime, content: bool = False) -> Upload:
    """Somebody's own upload; raises NotFound also when its time is over."""
    query = select(Upload).where(Upload.id == number, Upload.by == by, Upload.until >= now)
    found = session.scalar(query.options(undefer(Upload.content)) if content else query)
    if found is None:
        raise NotFound("This file is not waiting any more. Choose it again.")
    return found


def locked(session: Session, number: int) -> Upload:
    """The upload, kept from others until the transaction ends; raises NotFound."""
    found = session.scalar(select(Upload).where(Upload.id == number).with_for_update())
    if found is None:
        raise NotFound("This file is not waiting any more. Choose it again.")
    return found


def read_again(session: Session, upload: Upload) -> Read:
    """The file of an upload that was loaded with its content."""
    return read(session, upload.name, upload.content, kind=upload.kind, complete=upload.complete)


def do(session: Session, upload: Upload, file: Read, shown: str, now: datetime) -> ImportResult:
    """Import what was shown under that fingerprint; raises Refused, and Differs for anything else.

    After Differs the transaction must not be committed, and the file is to be read again.
    """
    if upload.done_at:
        raise Refused("This file was imported already.")
    options = replace(file.options, dry_run=False)
    done = import_lines(session, file.table, file.gathered, now, options)
    if done.fingerprint != shown:
        raise Differs("The organisations have changed since this was shown. Nothing was imported.")
    upload.shown, upload.done_at = _plain(done), now
    session.flush()
    return done


def show_anew(session: Session, upload: Upload, file: Read, now: datetime) -> None:
    """Keep the difference as it would be now."""
    found = import_lines(session, file.table, file.gathered, now, file.options)
    upload.shown, upload.fingerprint = _plain(found), found.fingerprint
    session.flush()


def rejects(session: Session, file: Read, now: datetime) -> bytes:
    """The rejected lines as a file to mend and import again."""
    found = import_lines(session, file.table, file.gathered, now, file.options)
    return rejects_file(file.table, found.rejected)


def numbers(upload: Upload) -> dict[str, Any]:
    """What was done, as the audit trail keeps it."""
    names = ("added", "changed", "unchanged", "closed")
    return {name: upload.shown[name] for name in names} | {"rejected": upload.shown["refused"]}


def _plain(found: ImportResult) -> dict[str, Any]:
    """The difference as JSON, with the first of the lines."""
    told = asdict(replace(found, rejected=found.rejected[:SHOWN]))
    return told | {"refused": len(found.rejected)}
