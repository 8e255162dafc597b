"""Close the organisations that a complete file no longer names."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from cascade.audience.records import Organisation
from cascade.errors import Refused

MOST = 0.1
"""Share of the open organisations of the file's kinds that one import closes without `force`."""

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Missing:
    """Open organisations of the file's kinds that it doesn't name."""

    ids: tuple[int, ...]
    names: tuple[str, ...]
    of: int
    """How many of these kinds are open."""

    @property
    def too_many(self) -> bool:
        """Whether this looks more like half a file than like closures."""
        return len(self.ids) > self.of * MOST


def missing(session: Session, kinds: Collection[str], named: Collection[str]) -> Missing:
    """Who is open, of these kinds, and not among the keys that the file names."""
    open_ones = select(Organisation.id, Organisation.key, Organisation.name).where(
        Organisation.closed_at.is_(None), Organisation.kind.in_(kinds)
    )
    rows = [
        row for row in session.execute(open_ones.order_by(Organisation.id)) if row.key not in named
    ]
    count = select(func.count()).select_from(open_ones.subquery())
    of = session.scalar(count) or 0
    return Missing(tuple(r.id for r in rows), tuple(r.name for r in rows), of)


def refuse_too_many(gone: Missing) -> None:
    """Raise Refused when the file would close more than a tenth of what is open."""
    if gone.too_many:
        raise Refused(
            f"The file leaves out {len(gone.ids):,} of the {gone.of:,} open organisations of its "
            f"kinds, more than {MOST:.0%}. If it really is complete, import it with --force; "
            "if not, without --complete. Nothing was changed."
        )


def close(session: Session, gone: Missing, now: datetime) -> None:
    """Close them; their contacts stay as they are, for the day they open again."""
    for start in range(0, len(gone.ids), _AT_ONCE):
        ids = gone.ids[start : start + _AT_ONCE]
        session.execute(
            update(Organisation)
            .where(Organisation.id.in_(ids))
            .values(closed_at=now, updated_at=now)
            .execution_options(synchronize_session=False)
        )
