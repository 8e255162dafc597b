"""Bring together a file's lines about one organisation; refuse those that contradict each other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cascade.audience.entries import Entry, Unreadable
from cascade.audience.naming import folded
from cascade.audience.results import Reject

Groups = dict[str, list[Entry]]
"""Organisation's key → its lines, in the order of the file."""

_SAME_ORGANISATION = ("organisation", "kind", "postcode")
_SAME_CONTACT = ("contact", "role", "phone", "language", "channel", "deputy")


@dataclass(slots=True)
class Gathered:
    """A whole file, ready to be compared with the database."""

    groups: Groups = field(default_factory=dict)
    rejected: list[Reject] = field(default_factory=list)
    doubtful: set[str] = field(default_factory=set)
    """Keys of organisations with a rejected line: the file does name them."""
    nameless: int = 0
    """Rejected lines that don't even say which organisation they are about."""
    lines: int = 0


def gather(lines: Iterable[Entry | Unreadable]) -> Gathered:
    """Group the lines by organisation and set aside those that can't be read."""
    gathered = Gathered()
    for line in lines:
        gathered.lines += 1
        if isinstance(line, Entry):
            gathered.groups.setdefault(line.key, []).append(line)
        else:
            _reject(gathered, line.reject, line.keys)
    return gathered


def name_keys(groups: Groups) -> dict[str, set[str]]:
    """Name key → keys of the organisations with a code that are called so."""
    called: dict[str, set[str]] = {}
    for key, entries in groups.items():
        for entry in entries:
            if entry.code:
                called.setdefault(entry.name_key, set()).add(key)
    return called


def give_codes(gathered: Gathered, called: Mapping[str, set[str]]) -> None:
    """Join lines without a code to the one organisation of that name that has a code."""
    for key in [key for key, entries in gathered.groups.items() if not entries[0].code]:
        codes = sorted(called.get(key, ()))
        if not codes:
            continue
        entries = gathered.groups.pop(key)
        if len(codes) == 1:
            joined = gathered.groups.setdefault(codes[0], [])
            joined.extend(entries)
            joined.sort(key=lambda entry: entry.line)
            continue
        reason = (
            f"several organisations are called so there ({', '.join(codes[:5])}): give the code"
        )
        for entry in entries:
            _reject(gathered, Reject(entry.line, reason), codes)


def refuse_contradictions(gathered: Gathered) -> None:
    """Take out lines that say different things about one organisation or one contact."""
    for key, entries in list(gathered.groups.items()):
        if len(entries) == 1:
            continue
        refused = dict(_contradictions(entries))
        for entry in entries:
            if entry.line in refused:
                _reject(gathered, Reject(entry.line, refused[entry.line]), (key,))
        kept = [entry for entry in entries if entry.line not in refused]
        gathered.groups[key] = kept
        if not kept:
            del gathered.groups[key]
    gathered.rejected.sort(key=lambda reject: reject.line)


def _reject(gathered: Gathered, reject: Reject, keys: Iterable[str]) -> None:
    gathered.rejected.append(reject)
    known = {key for key in keys if key and not key.startswith("|")}
    gathered.doubtful |= known
    gathered.nameless += not known


def _contradictions(entries: list[Entry]) -> Iterator[tuple[int, str]]:
    about = f"organisation {entries[0].code or entries[0].organisation}"
    reason = _difference(entries, _SAME_ORGANISATION, about)
    if reason:
        yield from ((entry.line, reason) for entry in entries)
        return
    by_contact: dict[str, list[Entry]] = {}
    for entry in entries:
        by_contact.setdefault(entry.contact_key, []).append(entry)
    by_contact.pop("", None)
    for same in by_contact.values():
        reason = _difference(same, _SAME_CONTACT, f"contact {same[0].email or same[0].contact}")
        if reason:
            yield from ((entry.line, reason) for entry in same)


def _difference(entries: list[Entry], fields: tuple[str, ...], about: str) -> str:
    for name in fields if len(entries) > 1 else ():
        said = [(entry.line, getattr(entry, name)) for entry in entries]
        said = [(line, text) for line, text in said if text not in ("", None)]
        for line, text in said[1:]:
            first_line, first = said[0]
            if folded(str(text)) != folded(str(first)):
                return (
                    f"{about}: line {first_line} says {name} “{first}”, line {line} says “{text}”. "
                    "Make them agree, or give them different codes or addresses"
                )
    return ""
