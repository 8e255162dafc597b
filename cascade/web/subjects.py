"""Where the pages are of what the audit trail names; a constant number of questions for a page."""

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade.accounts.records import AuditEntry, User
from cascade.audience.segments import titles
from cascade.library.records import Toolkit, ToolkitVersion
from cascade.sending.states import Tier

_NUMBERED = re.compile(
    r"(cascade|draft|organisation|repost|version) ([0-9]{1,18})(?:: .*)?", re.DOTALL
)
_BULLETIN = re.compile(r"bulletin ([a-z0-9-]{1,120})(?:, issue ([0-9]{1,9}))?")
_INSERT = re.compile(r"insert ([a-z0-9-]{1,60})")
_CONTACT = re.compile(r"contact ([0-9]{1,18})"), re.compile(r"organisation ([0-9]{1,18})")
_PUBLISHED = re.compile(r"toolkit ([^ ,]+), version ([0-9]{1,9}) \(([^ ()]+)\)")
_ENDPOINTS: Mapping[str, str] = MappingProxyType(
    {
        "cascade": "cascades.show",
        "draft": "drafts.edit",
        "organisation": "organisations.show",
        "repost": "reposts.show",
        "version": "versions.show",
    }
)


def places(session: Session, entries: Sequence[AuditEntry]) -> dict[int, str]:
    """The address of what each entry is about, by the entry's number, where it has a page."""
    subjects = {one.subject for one in entries}
    named = _settings() | _segments(session) | _users(session, subjects)
    named |= _versions(session, subjects)
    found = {one.id: named.get(one.subject) or _by_number(one) for one in entries}
    return {number: address for number, address in found.items() if address}


def _by_number(entry: AuditEntry) -> str:
    if insert := _INSERT.fullmatch(entry.subject):
        return url_for("inserts.show", insert_name=insert[1])
    if numbered := _NUMBERED.fullmatch(entry.subject):
        return url_for(_ENDPOINTS[numbered[1]], number=int(numbered[2]))
    if told := _BULLETIN.fullmatch(entry.subject):
        name, issue = told.groups()
        of_issue = issue and url_for("issues.show", bulletin=name, number=int(issue))
        return of_issue or url_for("bulletins.show", bulletin=name)
    contact, home = _CONTACT
    who, where = contact.fullmatch(entry.subject), home.fullmatch(entry.detail)
    if who and where:
        return url_for("contacts.edit", number=int(where[1]), contact=int(who[1]))
    return ""


def _settings() -> dict[str, str]:
    of_tiers = {f"tier {one}": url_for("tiers.show", tier_name=one) for one in Tier}
    windows, look = url_for("windows.show"), url_for("look.show")
    return {"send windows": windows, "look of the cell": look, **of_tiers}


def _segments(session: Session) -> dict[str, str]:
    # Those that were removed have no page any more.
    return {
        f"segment {name}": url_for("segment_members.show", name=name) for name in titles(session)
    }


def _users(session: Session, subjects: Iterable[str]) -> dict[str, str]:
    emails = [one.removeprefix("user ") for one in subjects if one.startswith("user ")]
    rows = session.execute(select(User.email, User.id).where(User.email.in_(emails)))
    return {f"user {email}": url_for("users.show", number=number) for email, number in rows}


def _versions(session: Session, subjects: Iterable[str]) -> dict[str, str]:
    names = {found[1] for one in subjects if (found := _PUBLISHED.fullmatch(one))}
    columns = (Toolkit.name, ToolkitVersion.number, ToolkitVersion.language, ToolkitVersion.id)
    query = select(*columns).join(Toolkit, Toolkit.id == ToolkitVersion.toolkit_id)
    return {
        f"toolkit {row.name}, version {row.number} ({row.language})": url_for(
            "versions.show", number=row.id
        )
        for row in session.execute(query.where(Toolkit.name.in_(names)))
    }
