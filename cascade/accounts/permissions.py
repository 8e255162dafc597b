"""Who may do what: the one table of roles and permissions."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType


class Permission(StrEnum):
    """Something that a page or a command lets its user do."""

    SEE = "see"
    SEE_PEOPLE = "see-people"
    WRITE = "write"
    APPROVE = "approve"
    RELEASE = "release"
    EDIT_PEOPLE = "edit-people"
    AUDIT = "audit"
    ADMINISTER = "administer"


class Role(StrEnum):
    """What somebody is in the cell; one person may be several."""

    VIEWER = "viewer"
    AUTHOR = "author"
    APPROVER = "approver"
    RELEASER = "releaser"
    ADMINISTRATOR = "administrator"


PERMISSION_WORDS: Mapping[Permission, str] = MappingProxyType(
    {
        Permission.SEE: "See cascades, toolkits and their figures",
        Permission.SEE_PEOPLE: "See who was written to and what they answered",
        Permission.WRITE: "Write toolkits and submit them",
        Permission.APPROVE: "Approve toolkits or return them",
        Permission.RELEASE: "Release, pause, resume and withdraw",
        Permission.EDIT_PEOPLE: "Import and change organisations and contacts",
        Permission.AUDIT: "Read the audit trail",
        Permission.ADMINISTER: "Invite users, change roles and settings",
    }
)

ROLE_WORDS: Mapping[Role, str] = MappingProxyType(
    {
        Role.VIEWER: "Viewer",
        Role.AUTHOR: "Author",
        Role.APPROVER: "Approver",
        Role.RELEASER: "Releaser",
        Role.ADMINISTRATOR: "Administrator",
    }
)

_P = Permission
ALLOWED: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.VIEWER: frozenset({_P.SEE}),
        Role.AUTHOR: frozenset({_P.SEE, _P.SEE_PEOPLE, _P.WRITE, _P.EDIT_PEOPLE}),
        Role.APPROVER: frozenset({_P.SEE, _P.SEE_PEOPLE, _P.APPROVE}),
        Role.RELEASER: frozenset({_P.SEE, _P.SEE_PEOPLE, _P.RELEASE}),
        Role.ADMINISTRATOR: frozenset(
            {_P.SEE, _P.SEE_PEOPLE, _P.EDIT_PEOPLE, _P.AUDIT, _P.ADMINISTER}
        ),
    }
)

NEEDS_SECOND_STEP = frozenset({Permission.RELEASE})
"""Permissions that nobody has without a second step at sign-in."""


def granted(roles: Iterable[str]) -> frozenset[Permission]:
    """Everything that these roles allow together."""
    return frozenset().union(*(ALLOWED[Role(role)] for role in roles))
