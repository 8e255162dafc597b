"""Make what somebody typed about an organisation or a contact normal, as an import would."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cascade.audience import normalise
from cascade.audience.entries import LONGEST_NAME, makers
from cascade.audience.headers import attribute_name
from cascade.audience.naming import folded, name_key
from cascade.audience.normalise import Flaw, value, within
from cascade.errors import BadInput

_ATTRIBUTE = re.compile(r"([^:]+):(.*)")


@dataclass(frozen=True, slots=True)
class GivenOrganisation:
    """What was typed about an organisation; empty means that there is nothing."""

    name: str
    kind: str
    code: str = ""
    place: str = ""
    postcode: str = ""
    attributes: str = ""
    """A line for each: `beds: 40`."""


@dataclass(frozen=True, slots=True)
class GivenContact:
    """What was typed about a contact; empty means that there is nothing."""

    name: str = ""
    role: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""
    deputy: str = "0"


def organisation_values(given: GivenOrganisation, kinds: tuple[str, ...]) -> dict[str, Any]:
    """The columns of an organisation; raises BadInput with `field: what to do` for each flaw."""
    problems: list[str] = []
    make = makers(kinds)
    said = {
        "name": _made(problems, "name", given.name, make["organisation"]),
        "kind": _made(problems, "kind", given.kind, make["kind"]),
        "code": _made(problems, "code", given.code, make["code"]) or None,
        "place": _made(problems, "place", given.place, make["place"]),
        "postcode": _made(problems, "postcode", given.postcode, make["postcode"]),
        "attributes": _attributes(problems, given.attributes),
    }
    if not folded(said["name"]) and not _told(problems, "name"):
        problems.append("name: enter the name of the organisation")
    if not said["kind"] and not _told(problems, "kind"):
        problems.append("kind: choose what kind of organisation it is")
    _refuse(problems)
    return {"key": said["code"] or by_name(said), **said}


def contact_values(given: GivenContact) -> dict[str, Any]:
    """The columns of a contact; raises BadInput with `field: what to do` for each flaw."""
    problems: list[str] = []
    make = makers(())
    said = {
        "name": _made(problems, "name", given.name, _person),
        "role": _made(problems, "role", given.role, make["role"]),
        "email": _made(problems, "email", given.email, make["email"]) or None,
        "phone": _made(problems, "phone", given.phone, make["phone"]) or None,
        "language": _made(problems, "language", given.language, make["language"]),
        "deputy": _made(problems, "deputy", given.deputy, make["deputy"]) or 0,
    }
    key = said["email"] or said["phone"] or folded(said["name"])
    if not key and not problems:
        problems.append("email: enter an email address, a phone number or at least a name")
    _refuse(problems)
    return {"key": key, **said}


def by_name(values: Mapping[str, Any]) -> str:
    """The key that an organisation has as long as it has no code."""
    return name_key(values["name"], values["postcode"] or values["place"], values["kind"])


def attribute_lines(attributes: Mapping[str, Any]) -> str:
    """Attributes as they are typed: a line for each."""
    return "\n".join(f"{name}: {one}" for name, one in attributes.items())


def _made(problems: list[str], field: str, text: str, make: Callable[[str], Any]) -> Any:
    try:
        said = value(text)
        return make(said) if said else ""
    except Flaw as flaw:
        problems.append(f"{field}: {flaw}")
        return ""


def _person(text: str) -> str:
    return within(text, "name", LONGEST_NAME)


def _attributes(problems: list[str], text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line in filter(str.strip, text.splitlines()):
        parts = _ATTRIBUTE.fullmatch(line)
        name = attribute_name(parts[1]) if parts else ""
        if parts is None or not name:
            problems.append(f"attributes: “{line[:40]}”: write a name, a colon and the value")
        else:
            said = _made(problems, "attributes", parts[2], normalise.number_or_text)
            found |= {name: said} if said != "" else {}
    return found


def _told(problems: list[str], field: str) -> bool:
    return any(problem.startswith(f"{field}: ") for problem in problems)


def _refuse(problems: list[str]) -> None:
    if problems:
        raise BadInput("Some of it can't be used.", problems)
