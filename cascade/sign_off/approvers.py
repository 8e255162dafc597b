"""Who may approve what: approvers, or only those named for its campaign or lead organisation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import toolkits
from cascade.accounts import users
from cascade.accounts.permissions import Permission
from cascade.accounts.records import User
from cascade.accounts.users import Person
from cascade.cleaning import cut
from cascade.errors import BadInput, NotFound, Refused
from cascade.library.records import ToolkitVersion
from cascade.paging import Page
from cascade.sign_off.records import NamedApprover
from cascade.sign_off.standing import Waiting, authors, waiting

SCOPES = ("campaign", "lead")
"""Lines of the front matter that people are named for; the first with anybody counts."""
_LONGEST = 300
_LOOKED_AT = 50
_BEGINNING = 66_000
"""Characters, in which all front matter ends that is read at all."""
_Scope = tuple[str, str]
"""One of the scopes, and a name for comparing."""
_NAMED = select(NamedApprover, User).join(User, User.id == NamedApprover.user_id)


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody, and what they are named for."""

    row: NamedApprover
    person: Person

    @property
    def counts(self) -> bool:
        """Whether they may approve at all, as things stand."""
        return self.person.closed_at is None and Permission.APPROVE in self.person.permissions


def name_approver(session: Session, scope: str, name: str, person: Person) -> bool:
    """From now on only who is named approves what belongs to that campaign or lead organisation.

    Gives whether they were not named for it before.
    """
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
    if session.scalar(there) is not None:
        return False
    try:
        with session.begin_nested():
            session.add(NamedApprover(scope=scope, name=named, user_id=person.id))
    except IntegrityError:  # somebody else named them at this very moment
        return False
    return True


def unname_approver(session: Session, number: int) -> Named:
    """Somebody approves no longer in particular; when nobody is left, every approver does again.

    Gives who that was; raises NotFound.
    """
    row = session.execute(_NAMED.where(NamedApprover.id == number)).one_or_none()
    if row is None:
        raise NotFound("Nobody is named here any more.")
    session.execute(delete(NamedApprover).where(NamedApprover.id == number))
    return Named(row[0], users.as_person(row[1]))


def named_approvers(session: Session, *, page: int = 1, size: int = 50) -> Page[Named]:
    """Who is named for what: campaigns, then lead organisations, by name."""
    total = session.scalar(select(func.count()).select_from(NamedApprover)) or 0
    order = (NamedApprover.scope, func.lower(NamedApprover.name), User.name, NamedApprover.id)
    rows = session.execute(_NAMED.order_by(*order).limit(size).offset((page - 1) * size))
    lines = tuple(Named(one, users.as_person(user)) for one, user in rows)
    return Page(lines, page, size, total)


def refuse_approver(session: Session, person: Person, of: ToolkitVersion) -> None:
    """Raise Refused, with the reason, unless this person may decide about this version."""
    if Permission.APPROVE not in person.permissions:
        raise Refused(f"{person.name} is not an approver. Ask somebody who is.")
    if person.email in authors(session, of):
        raise Refused("You wrote at this text yourself, so somebody else has to approve it.")
    named = _named_for(session, of)
    if not _is_meant(person, named):
        raise Refused(f"For this text {_listed(named)} must approve it.")


def who_may(session: Session, of: ToolkitVersion) -> Sequence[Person]:
    """Everybody who may decide about a version, by name."""
    wrote = authors(session, of)
    named = _named_for(session, of) or users.allowed(session, Permission.APPROVE)
    return [one for one in named if one.email not in wrote]


def to_decide(session: Session, person: Person, most: int) -> Sequence[Waiting]:
    """What this person may decide about, longest waiting first: constantly many questions.

    Where somebody is named for anything, texts are looked at, and no more than 50 of them.
    """
    named = _named(session)
    size = max(most, _LOOKED_AT) if named else most
    found = waiting(session, besides=person.email, size=size).lines
    if not named:
        return found
    rows = session.execute(
        select(ToolkitVersion.id, func.substr(ToolkitVersion.text, 1, _BEGINNING)).where(
            ToolkitVersion.id.in_([one.version_id for one in found])
        )
    )
    theirs = {number: _among(named, text) for number, text in rows}
    return [one for one in found if _is_meant(person, theirs[one.version_id])][:most]


def _named_for(session: Session, of: ToolkitVersion) -> Sequence[Person]:
    return _among(_named(session), of.text)


def _named(session: Session) -> Mapping[_Scope, Sequence[Person]]:
    """Who is named for what and still approves, by name."""
    found: dict[_Scope, list[Person]] = {}
    open_ = _NAMED.where(User.closed_at.is_(None)).order_by(User.name, NamedApprover.id)
    for one, user in session.execute(open_):
        person = users.as_person(user)
        if Permission.APPROVE in person.permissions:
            # Not compared by the database: SQLite knows no capitals but those of English.
            found.setdefault((one.scope, one.name.casefold()), []).append(person)
    return found


def _among(named: Mapping[_Scope, Sequence[Person]], text: str) -> Sequence[Person]:
    if not named:
        return ()
    meta = toolkits.parse(text).meta
    keys = [*zip(SCOPES, (meta.campaign.casefold(), meta.lead.casefold()), strict=True)]
    return next((named[key] for key in keys if key in named), ())


def _is_meant(person: Person, named: Sequence[Person]) -> bool:
    return not named or person.id in {one.id for one in named}


def _listed(people: Sequence[Person]) -> str:
    return " or ".join(one.name for one in people)
