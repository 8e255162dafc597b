"""Who may approve what: approvers, or only those named for its campaign or lead organisation."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

import toolkits
from cascade.accounts import users
from cascade.accounts.permissions import Permission
from cascade.accounts.records import User
from cascade.accounts.users import Person
from cascade.cleaning import cut
from cascade.errors import BadInput, Refused
from cascade.library.records import ToolkitVersion
from cascade.sign_off.records import NamedApprover
from cascade.sign_off.standing import authors

SCOPES = ("campaign", "lead")
"""Lines of the front matter that people are named for; the first with anybody counts."""
_LONGEST = 300


def name_approver(session: Session, scope: str, name: str, person: Person) -> None:
    """From now on only who is named approves what belongs to that campaign or lead organisation."""
    named = cut(name, _LONGEST)
    if scope not in SCOPES or not named:
        raise BadInput("This names no campaign.", ["name: enter a campaign or lead organisation"])
    if Permission.APPROVE not in person.permissions:
        raise Refused(f"{person.name} is not an approver. Give them that role first.")
    there = select(NamedApprover).where(
        NamedApprover.scope == scope,
        func.lower(NamedApprover.name) == named.lower(),
        NamedApprover.user_id == person.id,
    )
    if session.scalar(there) is None:
        session.add(NamedApprover(scope=scope, name=named, user_id=person.id))
        session.flush()


def unname_approver(session: Session, number: int) -> None:
    """Somebody approves no longer in particular; when nobody is left, every approver does again."""
    session.execute(delete(NamedApprover).where(NamedApprover.id == number))


def named_approvers(session: Session) -> Sequence[tuple[NamedApprover, User]]:
    """Who is named for what, by name."""
    rows = session.execute(
        select(NamedApprover, User)
        .join(User, User.id == NamedApprover.user_id)
        .order_by(NamedApprover.scope, NamedApprover.name, User.name)
    )
    return [(one, user) for one, user in rows]


def refuse_approver(session: Session, person: Person, of: ToolkitVersion) -> None:
    """Raise Refused, with the reason, unless this person may decide about this version."""
    if Permission.APPROVE not in person.permissions:
        raise Refused(f"{person.name} is not an approver. Ask somebody who is.")
    if person.email in authors(session, of):
        raise Refused("You wrote at this text yourself, so somebody else has to approve it.")
    named = _named_for(session, of)
    if named and person.id not in {one.id for one in named}:
        raise Refused(f"For this text {_listed(named)} must approve it.")


def who_may(session: Session, of: ToolkitVersion) -> Sequence[Person]:
    """Everybody who may decide about a version, by name."""
    wrote = authors(session, of)
    named = _named_for(session, of) or users.allowed(session, Permission.APPROVE)
    return [one for one in named if one.email not in wrote]


def _named_for(session: Session, of: ToolkitVersion) -> Sequence[Person]:
    meta = toolkits.parse(of.text).meta
    for scope, name in zip(SCOPES, (meta.campaign, meta.lead), strict=True):
        rows = session.scalars(
            select(User)
            .join(NamedApprover, NamedApprover.user_id == User.id)
            .where(NamedApprover.scope == scope, func.lower(NamedApprover.name) == name.lower())
            .order_by(User.name)
        )
        named = [one for one in map(users.as_person, rows) if Permission.APPROVE in one.permissions]
        if named:
            return named
    return ()


def _listed(people: Sequence[Person]) -> str:
    return " or ".join(one.name for one in people)
