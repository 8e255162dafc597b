"""Import a table of organisations and contacts: compare it with what is known, then write."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy.orm import Session

from cascade.audience.applying import apply
from cascade.audience.closing import Missing, close, missing, refuse_too_many
from cascade.audience.differences import compare
from cascade.audience.entries import entries
from cascade.audience.gathering import Gathered, Groups, gather, refuse_contradictions
from cascade.audience.identities import find_codes
from cascade.audience.reading import Table
from cascade.audience.results import Example, ImportResult
from cascade.audience.segments import kinds
from cascade.audience.tallying import EXAMPLES, Count, count_one, mark

_AT_ONCE = 500  # organisations: SQLite takes 32,766 values in a statement, PostgreSQL 65,535


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is to be imported."""

    kind: str = ""
    """The kind of every line that doesn't give its own."""
    dry_run: bool = False
    complete: bool = False
    """The file names everybody of its kinds: close who is missing."""
    force: bool = False
    """Close them however many they are."""
    examples: int = EXAMPLES
    """How many are kept of each: added, changed, closed."""
    fingerprint: bool = False
    """Say in the result by what two imports that change the same are known; it takes a while."""


def import_table(session: Session, table: Table, now: datetime, options: Options) -> ImportResult:
    """Bring a table into the database, or say what that would change.

    What the file doesn't say stays as it is: an empty cell never erases what is known.
    """
    return import_lines(session, table, read_lines(session, table, options), now, options)


def read_lines(session: Session, table: Table, options: Options) -> Gathered:
    """The slow half of an import, which needs no lock: every line in normal form."""
    return gather(entries(table, kinds(session), options.kind))


def import_lines(
    session: Session, table: Table, gathered: Gathered, now: datetime, options: Options
) -> ImportResult:
    """The half that writes: compare the lines with the database and apply what differs."""
    find_codes(session, gathered)
    refuse_contradictions(gathered)
    gone = _gone(session, gathered, options)
    count = Count(options.examples, hashlib.sha256() if options.fingerprint else None)
    mark(count, gone.ids)
    for groups in _portions(gathered.groups):
        comparisons = compare(session, groups)
        for one in comparisons:
            count_one(count, one)
        if not options.dry_run:
            apply(session, comparisons, now)
    if not options.dry_run:
        close(session, gone, now)
    return _result(table, gathered, count, gone, options)


def _portions(groups: Groups) -> Iterator[Groups]:
    keys = iter(groups)
    while portion := list(islice(keys, _AT_ONCE)):
        yield {key: groups[key] for key in portion}


def _gone(session: Session, gathered: Gathered, options: Options) -> Missing:
    # A line that can't be read may be about anybody, so then nobody counts as missing.
    if not options.complete or (gathered.nameless and not options.force):
        return Missing((), (), 0)
    found = {entries[-1].kind for entries in gathered.groups.values()}
    named = {name for e in gathered.groups.values() for name in (e[-1].key, e[-1].name_key)}
    gone = missing(session, found, named | gathered.groups.keys() | gathered.doubtful)
    if not options.force and not options.dry_run:
        refuse_too_many(gone)
    return gone


def _result(
    table: Table, gathered: Gathered, count: Count, gone: Missing, options: Options
) -> ImportResult:
    count.organisations.closed = len(gone.ids)
    closures = [Example(0, name, "", "closed") for name in gone.names[: options.examples]]
    header = table.columns.header
    return ImportResult(
        lines=gathered.lines,
        added=count.lines.added,
        changed=count.lines.changed,
        unchanged=count.lines.unchanged,
        merged=count.merged,
        closed=len(gone.ids),
        rejected=tuple(gathered.rejected),
        organisations=count.organisations,
        contacts=count.contacts,
        examples=(*count.examples, *closures),
        notes=tuple(_notes(gathered, count, gone, options)),
        read_as=table.description,
        columns={name: header[at] for name, at in table.columns.fields.items()},
        attributes=tuple(table.columns.attributes),
        dry_run=options.dry_run,
        fingerprint=count.digest.hexdigest() if count.digest else "",
    )


def _notes(gathered: Gathered, count: Count, gone: Missing, options: Options) -> Iterator[str]:
    if not gathered.lines:
        yield "The file has a header and no lines after it."
    if count.merged:
        yield f"{count.merged:,} lines repeat a contact of a line before; they were put together."
    if options.complete and gathered.nameless and not options.force:
        yield (
            f"Nobody is closed: {gathered.nameless:,} rejected lines don't say who they are about. "
            "Mend them first; on the command line, --force closes all the same."
        )
    if options.dry_run and gone.too_many and not options.force:
        yield (
            f"This would close {len(gone.ids):,} of {gone.of:,} organisations of these kinds: "
            "the import will refuse it without --force."
        )
