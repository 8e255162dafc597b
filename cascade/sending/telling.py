"""Letters about a release: to who may countersign it, and to who released it when nobody did."""

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

_WITHDRAWN = (
    "Hello {name},\n\n"
    "“{title}” ({tier}) has not gone out: nobody countersigned it by {until:%H:%M}, so it was "
    "withdrawn. None of the {recipients:,} people has got it.\n\n"
    "{link}\n\n"
    "If it is still needed, ask a second releaser to be there, and release it again."
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


def tell_withdrawn(session: Session, cascade_id: int, base_url: str, now: datetime) -> None:
    """Write to who released what nobody countersigned in time; not where they have no account."""
    cascade = find(session, cascade_id)
    user = users.with_email(session, cascade.released_by)
    if user is None or user.closed_at is not None or cascade.awaits_until is None:
        return
    write(
        session,
        to=user.email,
        name=user.name,
        subject=f"Not sent, nobody countersigned it: {cascade.title}",
        text=_WITHDRAWN.format(
            name=user.name,
            title=cascade.title,
            tier=cascade.tier,
            until=cascade.awaits_until.astimezone(LONDON),
            recipients=cascade.recipients,
            link=f"{base_url}/cascades/{cascade.id}",
        ),
        now=now,
    )
