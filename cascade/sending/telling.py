"""Letters about a release: to who may countersign it."""

from datetime import datetime

from sqlalchemy.orm import Session

from cascade.accounts import users
from cascade.accounts.permissions import Permission
from cascade.letters.writing import write
from cascade.sending.control import find
from cascade.sending.deadlines import LONDON
from cascade.sending.states import CascadeState

_TEXT = (
    "Hello {name},\n\n"
    "{by} has released “{title}” ({tier}) to {recipients:,} people. It goes out as soon as a "
    "second person countersigns it, until {until:%H:%M}.\n\n"
    "{link}\n\n"
    "If it should not go out, withdraw it there."
)


def tell(session: Session, cascade_id: int, base_url: str, now: datetime) -> None:
    """Write to everybody who may countersign a release, if it waits for that."""
    cascade = find(session, cascade_id)
    if cascade.state != CascadeState.AWAITING or cascade.awaits_until is None:
        return
    for person in users.allowed(session, Permission.RELEASE):
        if person.email == cascade.released_by:
            continue
        write(
            session,
            to=person.email,
            name=person.name,
            subject=f"To countersign now: {cascade.title}",
            text=_TEXT.format(
                name=person.name,
                by=cascade.released_by,
                title=cascade.title,
                tier=cascade.tier,
                recipients=cascade.recipients,
                until=cascade.awaits_until.astimezone(LONDON),
                link=f"{base_url}/cascades/{cascade.id}/countersign",
            ),
            now=now,
        )
