"""What the library depends on, in a value that is cheap to read: as long as it is the same, every
page of the library is the same."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from cascade.accounts.records import User
from cascade.audience.records import Segment
from cascade.inserts.records import InsertRevision
from cascade.library.records import ToolkitVersion
from cascade.sign_off.clearance import Setting
from cascade.sign_off.records import SignOffAct

_PUBLIC = func.aggregate_strings(Segment.name + "\x1f" + Segment.title, "\x1e")
_NOW = select(
    # In one statement: it is asked for every page, and there is nothing else to ask for most.
    select(func.max(ToolkitVersion.id)).scalar_subquery().label("version"),
    select(func.max(SignOffAct.id)).scalar_subquery().label("act"),
    select(_PUBLIC).where(Segment.public).scalar_subquery().label("audiences"),
    select(func.count()).select_from(InsertRevision).scalar_subquery().label("tables"),
    exists(select(User.id)).label("has_users"),
)


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of the library."""

    version: int
    """The newest version of any toolkit: versions never change."""
    act: int
    """The newest step of any sign-off."""
    audiences: str
    """Public segments, with their titles."""
    tables: int
    """Revisions of all inserts, which are never removed."""
    sign_off: bool
    """Whether only what was approved is shown."""
    today: date
    """What is over, and what is fresh, is so by the day."""


def revision(session: Session, setting: Setting, today: date) -> Revision:
    """The state that the library is in now."""
    now = session.execute(_NOW).one()
    return Revision(
        version=now.version or 0,
        act=now.act or 0,
        audiences=now.audiences or "",
        tables=now.tables,
        # As `cascade.sign_off.clearance.in_force` has it.
        sign_off=setting == "on" or (setting == "auto" and bool(now.has_users)),
        today=today,
    )
