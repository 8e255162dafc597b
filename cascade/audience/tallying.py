"""Count what an import changes, keep the first examples of it, and fingerprint all of it."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cascade.audience.differences import Change, Comparison
from cascade.audience.results import Example, Tally

EXAMPLES = 12


@dataclass(slots=True)
class Count:
    """What has been seen so far."""

    most: int = EXAMPLES
    """Examples that are kept of each: what is added, what changes."""
    digest: "hashlib._Hash | None" = None
    """Of every change, with how the row was before, where it is asked for."""
    lines: Tally = field(default_factory=Tally)
    organisations: Tally = field(default_factory=Tally)
    contacts: Tally = field(default_factory=Tally)
    merged: int = 0
    examples: list[Example] = field(default_factory=list)
    kept: dict[str, int] = field(default_factory=dict)


def count_one(count: Count, one: Comparison) -> None:
    """Add one organisation of the file, with its contacts and lines."""
    organisation = one.organisation.outcome
    _add(count.organisations, organisation)
    outcomes = [change.outcome for change in one.contacts]
    for outcome in outcomes:
        _add(count.contacts, outcome)
        quiet = outcome == "unchanged" and organisation == "changed"
        _add(count.lines, "changed" if quiet else outcome)
    for _ in range(one.lines - one.merged - len(outcomes)):
        _add(count.lines, organisation)
    count.merged += one.merged
    for change in (one.organisation, *one.contacts):
        _keep(count, change)


def mark(count: Count, *what: object) -> None:
    """Add something to the fingerprint."""
    if count.digest is not None:
        count.digest.update(repr(what).encode())


def _keep(count: Count, change: Change) -> None:
    outcome = change.outcome
    if outcome == "unchanged":
        return
    if count.digest is not None:
        mark(count, outcome, sorted(change.before.items()), sorted(change.values.items()))
    kept = count.kept.get(outcome, 0)
    if kept < count.most:
        some = list(_examples(change))
        count.examples += some
        count.kept[outcome] = kept + len(some)


def _add(tally: Tally, outcome: str) -> None:
    setattr(tally, outcome, getattr(tally, outcome) + 1)


def _examples(change: Change) -> Iterator[Example]:
    who = str(change.values.get("email") or change.values["name"])
    who = "" if "kind" in change.values else who
    if change.outcome == "added":
        yield Example(change.line, change.about, who, "added")
    elif change.outcome == "changed":
        before, after = _flat(change.before), _flat(change.values)
        for name in after:
            if before.get(name, "") != after[name]:
                yield Example(
                    change.line, change.about, who, name, before.get(name, ""), after[name]
                )


def _flat(values: Mapping[str, Any]) -> dict[str, str]:
    columns = {name: value for name, value in values.items() if name != "attributes"}
    flat = columns | values.get("attributes", {})
    return {name: "" if value is None else str(value) for name, value in flat.items()}
