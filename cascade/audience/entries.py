"""Make an entry of each line of a table: one organisation with one of its contacts."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

from cascade.audience import normalise
from cascade.audience.headers import Columns
from cascade.audience.kinds import kind_of, words
from cascade.audience.normalise import Flaw, value, within
from cascade.audience.reading import Table
from cascade.audience.results import Reject

_LONGEST_NAME = 200


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


def entries(table: Table, kinds: tuple[str, ...], kind: str = "") -> Iterator[Entry | Unreadable]:
    """Every line of a table, in its order; `kind` is for lines that don't give their own."""
    known = words(kinds)
    make_kind = lru_cache(partial(_kind, known=known, kinds=kinds))
    for line, cells in table.lines():
        yield _entry(line, cells, table.columns, make_kind, kind)


def folded(text: str) -> str:
    """A name as it is compared: `The Oak House & Garden` as `oakhouseandgarden`."""
    return re.sub(r"[\W_]+", "", text.casefold().replace("&", " and ").removeprefix("the "))


def _entry(
    line: int, cells: list[str], columns: Columns, make_kind: Callable[[str], str], kind: str
) -> Entry | Unreadable:
    flaws = _shape(cells, columns)

    def read(name: str, make: Callable[[str], Any] = str) -> Any:
        at = columns.fields.get(name, len(cells))
        text = value(cells[at]) if at < len(cells) else ""
        try:
            return make(text) if text else ""
        except Flaw as flaw:
            flaws.append(str(flaw))
            return ""

    organisation = read("organisation", partial(within, field="organisation", longest=300))
    code = read("code", _code)
    place = read("place", partial(within, field="place", longest=120))
    postcode = read("postcode", normalise.postcode)
    its_kind = read("kind", make_kind) or kind
    entry = Entry(
        line=line,
        key="",
        name_key=name_key(organisation, postcode or place, its_kind),
        organisation=organisation,
        kind=its_kind,
        code=code,
        place=place,
        postcode=postcode,
        attributes=_attributes(cells, columns, flaws),
        contact_key="",
        contact=_contact_name(read),
        role=read("role", partial(within, field="role", longest=120)),
        email=read("email", normalise.email),
        phone=read("phone", normalise.phone),
        language=read("language", normalise.language),
        channel=read("channel", normalise.channel),
        deputy=(read("deputy", normalise.deputy) or 0) if "deputy" in columns.fields else None,
    )
    return _finished(entry, flaws)


def _finished(entry: Entry, flaws: list[str]) -> Entry | Unreadable:
    entry.key = entry.code or entry.name_key
    entry.contact_key = entry.email.casefold() or entry.phone or folded(entry.contact)
    if not entry.organisation:
        flaws.append("the organisation has no name")
    elif not folded(entry.organisation):
        flaws.append(f"“{entry.organisation[:30]}” is no name of an organisation")
    if not entry.kind and not any("kind" in flaw for flaw in flaws):
        flaws.append("the kind is empty: say what kind of organisation it is")
    if len(entry.contact) > _LONGEST_NAME:
        flaws.append(f"the contact's name is longer than {_LONGEST_NAME} characters: shorten it")
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


def _contact_name(read: Callable[[str], Any]) -> str:
    return str(read("contact") or f"{read('first name')} {read('surname')}".strip())


def _attributes(cells: list[str], columns: Columns, flaws: list[str]) -> dict[str, Any]:
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


def name_key(organisation: str, where: str, kind: str) -> str:
    """What makes an organisation without a code the same one in the next file."""
    # The kind belongs to it: a charity that runs a home is in both segments, as two organisations.
    return f"{_folded(organisation)[:180]}|{_folded(where)[:50]}|{kind}"


_folded = lru_cache(maxsize=10_000)(folded)
