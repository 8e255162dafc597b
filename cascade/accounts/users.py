"""Who has an account: added, changed, closed; never without an administrator."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Select, String, cast, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cascade.accounts.permissions import ALLOWED, NEEDS_SECOND_STEP, Permission, Role, granted
from cascade.accounts.records import OneTimeLink, User, Visit
from cascade.cleaning import cut
from cascade.errors import BadInput, NotFound, Refused
from cascade.paging import Page

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account, without anything that proves who they are."""

    id: int
    email: str
    name: str
    organisation: str
    roles: tuple[str, ...]
    has_password: bool
    has_second_step: bool
    added_at: datetime
    closed_at: datetime | None
    is_linked: bool = False
    """Whether they may come in by the provider of sign-in."""
    is_vouched: bool = False
    """Whether the provider says that they took a second step: for this visit, or the last time."""

    @property
    def permissions(self) -> frozenset[Permission]:
        """What they may do as things stand; nothing once they are closed."""
        if self.closed_at:
            return frozenset()
        allowed = granted(self.roles)
        return allowed - NEEDS_SECOND_STEP if self.lacks_second_step else allowed

    @property
    def lacks_second_step(self) -> bool:
        """Whether their roles allow more than they may do until they turn on a second step."""
        is_safe = self.has_second_step or self.is_vouched
        return not is_safe and bool(granted(self.roles) & NEEDS_SECOND_STEP)


def add(
    session: Session,
    *,
    email: str,
    name: str,
    organisation: str = "",
    roles: Sequence[str],
    now: datetime,
) -> Person:
    """Somebody new, without a password. Raises BadInput, and Refused when there is one already."""
    user = User(
        email=checked_email(email),
        name=_named(name),
        organisation=cut(organisation, _LONGEST),
        roles=_known(roles),
        added_at=now,
    )
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError:
        raise Refused(
            f"There is already an account for {user.email}. Change or reopen that one."
        ) from None
    return as_person(user)


def find(session: Session, email: str) -> Person:
    """The person with an email address; raises NotFound."""
    user = with_email(session, email)
    if user is None:
        raise NotFound(f"There is no account for {cut(email, 320)}.")
    return as_person(user)


def get(session: Session, user_id: int) -> Person:
    """The person with a number; raises NotFound."""
    return as_person(_row(session, user_id))


def change(
    session: Session, user_id: int, *, name: str, organisation: str, roles: Sequence[str]
) -> Person:
    """Raises BadInput, and Refused when no administrator would be left."""
    named, known = _named(name), _known(roles)
    if Role.ADMINISTRATOR not in known:
        _keep_an_administrator(session, user_id)
    user = locked(session, user_id)
    user.name, user.organisation, user.roles = named, cut(organisation, _LONGEST), known
    session.flush()
    return as_person(user)


def close(session: Session, user_id: int, now: datetime) -> None:
    """Nobody comes in as this person any more. Raises Refused for the last administrator."""
    _keep_an_administrator(session, user_id)
    user = locked(session, user_id)
    user.closed_at = user.closed_at or now
    session.flush()
    shut_out(session, user_id, now)


def reopen(session: Session, user_id: int) -> None:
    """They come in again, with the password and the second step that they had."""
    locked(session, user_id).closed_at = None
    session.flush()


def shut_out(session: Session, user_id: int, now: datetime) -> None:
    """End every visit and every link of theirs that has not been used."""
    session.execute(
        update(Visit).where(Visit.user_id == user_id, Visit.ended_at.is_(None)).values(ended_at=now)
    )
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.user_id == user_id, OneTimeLink.used_at.is_(None))
        .values(used_at=now)
    )


def listing(
    session: Session, *, search: str = "", closed: bool = False, page: int = 1, size: int = 50
) -> Page[Person]:
    """One page by name; `search`: part of name, address or organisation; `closed`: them as well."""
    found = select(User)
    if not closed:
        found = found.where(User.closed_at.is_(None))
    if words := cut(search, _LONGEST):
        columns = (User.name, User.email, User.organisation)
        found = found.where(or_(*(one.icontains(words, autoescape=True) for one in columns)))
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    ordered = found.order_by(func.lower(User.name), User.id)
    rows = session.scalars(ordered.limit(size).offset((page - 1) * size))
    return Page(tuple(as_person(user) for user in rows), page, size, total)


def an_administrator(session: Session) -> Person | None:
    """The one of longest standing whose account is open; None when nobody has one."""
    user = session.scalar(_open_with([Role.ADMINISTRATOR]).order_by(User.id).limit(1))
    return as_person(user) if user else None


def allowed(session: Session, permission: Permission) -> list[Person]:
    """Everybody who may do it as things stand, by name."""
    roles = [role for role in Role if permission in ALLOWED[role]]
    rows = session.scalars(_open_with(roles).order_by(func.lower(User.name), User.id))
    return [one for one in map(as_person, rows) if permission in one.permissions]


def audited(person: Person) -> dict[str, object]:
    """What the audit trail says of somebody before and after a change."""
    return {
        "name": person.name,
        "organisation": person.organisation,
        "roles": list(person.roles),
        "closed": person.closed_at is not None,
    }


def nobody(session: Session) -> bool:
    """Whether there is no account at all: a new installation."""
    return not session.scalar(select(exists().select_from(User)))


def as_person(user: User) -> Person:
    """What the rest of the house sees of a row."""
    return Person(
        id=user.id,
        email=user.email,
        name=user.name,
        organisation=user.organisation,
        roles=tuple(user.roles),
        has_password=user.password_hash is not None,
        has_second_step=user.totp_secret is not None,
        added_at=user.added_at,
        closed_at=user.closed_at,
        is_linked=user.subject is not None,
        is_vouched=user.vouched,
    )


def with_email(session: Session, email: str) -> User | None:
    """The row of an address, however it is written."""
    written = as_written(email)
    return session.scalar(select(User).where(User.email == written)) if written else None


def names(session: Session, emails: Iterable[str | None]) -> dict[str, str]:
    """The names of whoever has an account, by the address that is kept of them."""
    wanted = sorted({*filter(None, emails)})
    rows = session.execute(select(User.email, User.name).where(User.email.in_(wanted)))
    return {email: name for email, name in rows if name}


def as_written(email: str) -> str:
    """The address as we keep it; empty for what is not an address."""
    try:
        return checked_email(email)
    except BadInput:
        return ""


def checked_email(email: str) -> str:
    """The address in lower case, its domain in A-labels; raises BadInput."""
    try:
        checked = validate_email(email.strip(), check_deliverability=False)
    except (EmailNotValidError, UnicodeError):
        raise BadInput(
            "The email address is not right.",
            ["email: enter an email address in the correct format, like name@example.org"],
        ) from None
    return f"{checked.local_part}@{checked.ascii_domain}".lower()


def locked(session: Session, user_id: int) -> User:
    """The row as it is now, kept from others until the transaction ends. Who changes anything of
    a person takes it before their links and visits, and after the throttles."""
    row = select(User).where(User.id == user_id).with_for_update(key_share=True)
    user = session.scalar(row.execution_options(populate_existing=True))
    return user or _row(session, user_id)


def _row(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(f"There is no account {user_id}.")
    return user


def _named(name: str) -> str:
    named = cut(name, _LONGEST)
    if not named:
        raise BadInput("The name is missing.", ["name: enter a name"])
    return named


def _known(roles: Sequence[str]) -> list[str]:
    known = [role.value for role in Role if role in roles]
    if not known or len(known) < len(set(roles)):
        raise BadInput("The roles are not right.", [f"roles: choose from {', '.join(Role)}"])
    return known


def _keep_an_administrator(session: Session, leaving: int) -> None:
    # All of them are locked: of two administrators who close each other, one is refused.
    administrators = _open_with([Role.ADMINISTRATOR]).order_by(User.id)
    staying = session.scalars(administrators.with_for_update(key_share=True)).all()
    if [user.id for user in staying] == [leaving]:
        raise Refused("This is the last administrator. Make somebody else an administrator first.")


def _open_with(roles: Sequence[Role]) -> Select[User]:
    """Open accounts with any of these roles."""
    kept = cast(User.roles, String)
    return select(User).where(
        User.closed_at.is_(None), or_(*(kept.contains(f'"{role}"') for role in roles))
    )
