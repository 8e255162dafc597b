"""Change the look of the cell; what is the same as the installation's settings is not kept."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from json import dumps
from typing import Any

from sqlalchemy.orm import Session

from cascade import adjustments
from cascade.audience import addresses
from cascade.audience.normalise import Flaw
from cascade.cleaning import one_line
from cascade.errors import BadInput, Overtaken
from cascade.identity import Identity
from cascade.look import colours, logos
from cascade.look.logos import GivenLogo
from cascade.look.wearing import NAME, Kept, kept
from channels.mime import Mailbox, envelope_address

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody fills in; what is empty is left to the settings of the installation."""

    cell: str
    sender_name: str
    sender_address: str
    reply_to: str
    colour: str
    nhs_logo: bool = False
    logo: GivenLogo | None = None
    """A new one."""
    alt: str = ""
    """Of the logo there is."""
    without_logo: bool = False


def checked(wanted: Change, default: Identity) -> dict[str, Any]:
    """What is to be kept of it, but for the logo; raises BadInput with `field: what to do`."""
    problems: list[str] = []
    found = {
        "cell": _named("cell", wanted.cell, problems),
        "sender": _sender(wanted, default, problems),
        "reply_to": _address("reply_to", wanted.reply_to, problems),
        "colour": _colour(wanted.colour, problems),
        "nhs_logo": wanted.nhs_logo,
    }
    if problems:
        raise BadInput("Some of it can't be used.", problems)
    settled = {"cell": default.cell, "sender": default.sender, "reply_to": default.reply_to}
    if default.reply_to == default.sender:
        settled["reply_to"] = ""  # it follows the sender, whoever that is
    return {name: said for name, said in found.items() if said and said != settled.get(name)}


def mark(look: Kept) -> str:
    """What a page remembers of how the look was when it was shown."""
    return sha256(dumps(dict(look), sort_keys=True).encode()).hexdigest()[:32]


def change(
    session: Session, wanted: Change, default: Identity, *, seen: str, by: str, now: datetime
) -> None:
    """Let messages look like this from the next release on.

    Raises BadInput, and Overtaken when it isn't as it was `seen` any more.
    """
    found = checked(wanted, default)
    if mark(adjustments.read(session, NAME, lock=True)) != seen:
        raise Overtaken("Somebody else has changed the look meanwhile.")
    if not wanted.without_logo and (logo := _logo(session, wanted, by, now)):
        found["logo"] = logo
    if found:
        adjustments.put(session, NAME, found, by=by, now=now)
    else:
        reset(session)


def reset(session: Session) -> None:
    """Put everything back to the settings of the installation."""
    adjustments.reset(session, NAME)


def audited(look: Kept) -> dict[str, Any]:
    """What the audit trail says of it."""
    said = {name: value for name, value in look.items() if name != "logo"}
    if logo := look.get("logo"):
        said["logo"] = f"{logo['alt']} ({logo['sha256'][:12]})"
    return said


def _logo(session: Session, wanted: Change, by: str, now: datetime) -> dict[str, Any] | None:
    if wanted.logo is not None:
        return logos.add(session, wanted.logo, by=by, now=now)
    before = kept(session).get("logo")
    return {**before, "alt": logos.described(wanted.alt)} if before else None


def _named(field: str, text: str, problems: list[str]) -> str:
    said = one_line(text)
    if len(said) > LONGEST_NAME:
        problems.append(f"{field}: use {LONGEST_NAME} characters at most")
    return said


def _sender(wanted: Change, default: Identity, problems: list[str]) -> str:
    """`Name <address>`, or the address alone; without an address the one of the settings."""
    usual = Mailbox.parse(default.sender)
    address = _address("sender_address", wanted.sender_address, problems) or usual.address
    name = _named("sender_name", wanted.sender_name, problems)
    if (name, address) == (usual.name, usual.address):
        return default.sender
    written = _written(name, address)
    if Mailbox.parse(written) != Mailbox(name, address):
        problems.append("sender_name: leave out the signs that are none of a name")
    return written


def _written(name: str, address: str) -> str:
    if not name:
        return address
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}" <{address}>'


def _address(field: str, text: str, problems: list[str]) -> str:
    if not one_line(text):
        return ""
    if text.strip() != one_line(text):
        problems.append(f"{field}: enter one email address, on one line")
        return ""
    try:
        found = addresses.email(text)
        if envelope_address(found)[1]:
            raise Flaw("use letters without accents before the @: many servers refuse others")
    except (Flaw, ValueError) as error:
        problems.append(f"{field}: {error}")
        return ""
    return found


def _colour(text: str, problems: list[str]) -> str:
    if not text.strip():
        return ""
    found = colours.colour(text)
    if found is None:
        problems.append("own_colour: enter six digits from 0 to 9 and a to f, such as #005eb8")
    elif not colours.is_readable(found):
        was = f"{colours.contrast(found):.1f}"
        problems.append(
            f"own_colour: choose a darker colour: white words on it have a contrast of {was} to 1, "
            f"and {colours.LEAST_CONTRAST} is the least that people can read"
        )
    return found or ""
