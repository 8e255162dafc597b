"""Whether versions may be released: all approved, and by one person or only by two."""

from collections.abc import Iterable
from typing import Literal

from sqlalchemy.orm import Session

from cascade.accounts import users
from cascade.accounts.permissions import Permission, Role
from cascade.accounts.users import Person
from cascade.errors import Refused
from cascade.library.records import ToolkitVersion
from cascade.sign_off.records import SignOffState
from cascade.sign_off.standing import standing

Setting = Literal["auto", "on", "off"]
"""`auto`: on as soon as anybody has an account, since before that nobody could approve."""


def in_force(session: Session, setting: Setting) -> bool:
    """Whether what is released must have been approved by somebody else."""
    return setting == "on" or (setting == "auto" and not users.nobody(session))


def refuse_releaser(person: Person | None) -> Person:
    """Raise Refused unless this is somebody who may release."""
    if person is None:
        raise Refused("Sign-off is on: say who releases this, by the address of their account.")
    if Permission.RELEASE in person.permissions:
        return person
    if person.lacks_second_step and Role.RELEASER in person.roles:
        raise Refused(
            f"{person.name} needs a second step at sign-in before they may release. "
            "It is set up on the page of their account."
        )
    raise Refused(f"{person.name} is not a releaser. Ask somebody who is.")


def refuse_unapproved(session: Session, versions: Iterable[ToolkitVersion]) -> None:
    """Raise Refused, with who does what next, for the first that nobody has approved."""
    for one in versions:
        found = standing(session, one.id)
        state = SignOffState(found.state) if found else None
        if state != SignOffState.APPROVED:
            raise Refused(
                f"Version {one.number} ({one.language}) of “{one.title}” {_MEANS[state]}. "
                "A change after an approval needs an approval of its own."
            )


def for_immediate_use(session: Session, versions: Iterable[ToolkitVersion]) -> bool:
    """Whether all of them stand in the bank of messages that one person may release urgently."""
    found = [standing(session, one.id) for one in versions]
    return all(one is not None and one.immediate_use for one in found)


_MEANS = {
    None: "has not been submitted for approval: its author submits it",
    SignOffState.SUBMITTED: "waits for approval: an approver looks at it",
    SignOffState.RETURNED: "was returned: its author mends it and submits it again",
}
