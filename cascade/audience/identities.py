"""Find the code of organisations that a file names without one."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade.audience.gathering import Gathered, give_codes, name_keys
from cascade.audience.naming import name_key
from cascade.audience.records import Organisation


def find_codes(session: Session, gathered: Gathered) -> None:
    """Join lines without a code to the organisation of that name, in the file or the database."""
    wanted = {key for key, entries in gathered.groups.items() if not entries[0].code}
    if not wanted:
        return
    called = name_keys(gathered.groups)
    for name, key in _known(session, wanted):
        called.setdefault(name, set()).add(key)
    give_codes(gathered, called)


def _known(session: Session, wanted: set[str]) -> Iterable[tuple[str, str]]:
    query = select(
        Organisation.key,
        Organisation.name,
        Organisation.postcode,
        Organisation.place,
        Organisation.kind,
    ).where(Organisation.code.is_not(None))
    for row in session.execute(query.execution_options(yield_per=1_000)):
        name = name_key(row.name, row.postcode or row.place, row.kind)
        if name in wanted:
            yield name, row.key
