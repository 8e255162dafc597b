"""Count what an import changes, and keep the first examples of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cascade.audience.differences import Change, Comparison
from cascade.audience.results import Example, Tally

EXAMPLES = 12


@dataclass(slots=True)
class Count:
    """What has been seen so far."""

    lines: Tally = field(default_factory=Tally)
    organisations: Tally = field(default_factory=Tally)
    contacts: Tally = field(default_factory=Tally)
    merged: int = 0
    examples: list[Example] = field(default_factory=list)


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
    if len(count.examples) < EXAMPLES:
        for change in (one.organisation, *one.contacts):
            count.examples += _examples(change)


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
