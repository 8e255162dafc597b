"""Make an entry of each line of a table: one organisation with one of its contacts."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

from cascade.audience import normalise
from cascade.audience.addresses import email, phone
from cascade.audience.headers import Columns
from cascade.audience.kinds import kind_of, words
from cascade.audience.naming import folded, name_key
from cascade.audience.normalise import Flaw, value, within
from cascade.audience.reading import Table
from cascade.audience.results import Reject

LONGEST_NAME = 200
_NO_ATTRIBUTES: Mapping[str, Any] = {}


@dataclass(slots=True)
class Entry:
    """A line in normal form. Empty means: this file doesn't say."""

    line: int
    key: str
    """The organisation's: its code, or the name key when it has none."""
    name_key: str
    organisation: str
    kind: str
    code: str
    place: str
    postcode: str
    attributes: Mapping[str, Any]
    contact_key: str
    """Empty: the line names no contact."""
    contact: str
    role: str
    email: str
    phone: str
    language: str
    channel: str
    deputy: int | None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that gives no entry, and the organisation it seems to be about."""

    reject: Reject
    keys: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Reading:
    """How the lines of one table are read: each field's column, and what makes its value."""

    columns: Columns
    fields: tuple[tuple[str, int, Callable[[str], Any]], ...]
    kind: str


def entries(table: Table, kinds: tuple[str, ...], kind: str = "") -> Iterator[Entry | Unreadable]:
    """Every line of a table, in its order; `kind` is for lines that don't give their own."""
    make = makers(kinds)
    fields = ((name, at, make.get(name, str)) for name, at in table.columns.fields.items())
    reading = _Reading(table.columns, tuple(fields), kind)
    for line, cells in table.lines():
        yield _entry(reading, line, cells)


def makers(kinds: tuple[str, ...]) -> dict[str, Callable[[str], Any]]:
    """What makes the value of each field normal, or raises Flaw."""
    kind = partial(_kind, known=words(kinds), kinds=kinds)
    # What many lines share is made once.
    often = lru_cache(maxsize=5_000)
    return {
        "organisation": partial(within, field="organisation", longest=300),
        "kind": often(kind),
        "code": _code,
        "place": often(partial(within, field="place", longest=120)),
        "postcode": often(normalise.postcode),
        "role": often(partial(within, field="role", longest=120)),
        "email": email,
        "phone": phone,
        "language": often(normalise.language),
        "channel": often(normalise.channel),
        "deputy": often(normalise.deputy),
    }


def _entry(reading: _Reading, line: int, cells: list[str]) -> Entry | Unreadable:
    columns = reading.columns
    flaws = _shape(cells, columns)
    said: dict[str, Any] = {}
    for name, at, make in reading.fields:
        try:
            if at < len(cells) and (text := value(cells[at])):
                said[name] = make(text)
        except Flaw as flaw:
            flaws.append(str(flaw))
    organisation, kind = said.get("organisation", ""), said.get("kind", reading.kind)
    place, postcode = said.get("place", ""), said.get("postcode", "")
    by_name = name_key(organisation, postcode or place, kind)
    contact = said.get("contact") or f"{said.get('first name', '')} {said.get('surname', '')}"
    entry = Entry(
        line=line,
        key=said.get("code") or by_name,
        name_key=by_name,
        organisation=organisation,
        kind=kind,
        code=said.get("code", ""),
        place=place,
        postcode=postcode,
        attributes=_attributes(cells, columns, flaws),
        contact_key="",
        contact=contact.strip(),
        role=said.get("role", ""),
        email=said.get("email", ""),
        phone=said.get("phone", ""),
        language=said.get("language", ""),
        channel=said.get("channel", ""),
        deputy=said.get("deputy", 0) if "deputy" in columns.fields else None,
    )
    return _finished(entry, flaws)


def _finished(entry: Entry, flaws: list[str]) -> Entry | Unreadable:
    entry.contact_key = entry.email or entry.phone or folded(entry.contact)
    if not entry.organisation:
        flaws.append("the organisation has no name")
    elif not folded(entry.organisation):
        flaws.append(f"“{entry.organisation[:30]}” is no name of an organisation")
    if not entry.kind and not any("kind" in flaw for flaw in flaws):
        flaws.append("the kind is empty: say what kind of organisation it is")
    if len(entry.contact) > LONGEST_NAME:
        flaws.append(f"the contact's name is longer than {LONGEST_NAME} characters: shorten it")
    if flaws:
        return Unreadable(Reject(entry.line, "; ".join(flaws)), (entry.key, entry.name_key))
    return entry


def _shape(cells: list[str], columns: Columns) -> list[str]:
    width = len(columns.header)
    beyond = any(cell.strip() for cell in cells[width:])
    nameless = any(cells[at].strip() for at in columns.unnamed if at < len(cells))
    if not beyond and not nameless:
        return []
    named = width - len(columns.unnamed)
    return [f"values stand beyond the {named} named columns: name them, or put commas in quotes"]


def _attributes(cells: list[str], columns: Columns, flaws: list[str]) -> Mapping[str, Any]:
    if not columns.attributes:
        return _NO_ATTRIBUTES
    found: dict[str, Any] = {}
    for name, at in columns.attributes.items():
        text = value(cells[at]) if at < len(cells) else ""
        try:
            if text:
                found[name] = normalise.number_or_text(text)
        except Flaw as flaw:
            flaws.append(f"{name}: {flaw}")
    return found


def _code(text: str) -> str:
    return within(text.upper().replace(" ", ""), "code", 40).replace("|", "/")


def _kind(text: str, known: Mapping[str, str], kinds: tuple[str, ...]) -> str:
    kind = kind_of(text, known)
    if kind is None:
        raise Flaw(f"the kind “{text[:40]}” is not known: use one of {', '.join(kinds)}")
    return kind
