"""Kinds of organisations and rules of segments in plain words."""

from collections.abc import Callable, Mapping
from typing import Any

from cascade.audience.kinds import FIRST_KINDS
from cascade.audience.languages import LANGUAGE_NAMES
from cascade.reporting.phones import dialled
from cascade.web.addresses import breakable

_CALLED = {tag: name.title() for name, tag in reversed(LANGUAGE_NAMES.items())}
_PARTS = {
    "kind": "kind is {}",
    "place": "place is {}",
    "postcode_area": "postcode begins with {}",
    "role": "a contact’s role is {}",
    "language": "a contact’s language is {}",
}


def kind_words(kind: str) -> str:
    """`care-homes` as `Care homes`."""
    return FIRST_KINDS.get(kind) or kind.replace("-", " ").capitalize()


def language_words(tag: str) -> str:
    """`ur` as `Urdu`; a tag without a name as it is."""
    return _CALLED.get(tag) or _CALLED.get(tag.split("-")[0], tag)


def called(name: str, titles: Mapping[str, str]) -> str:
    """A segment by its title; one that is gone by the name it had."""
    return titles.get(name, name)


def rule_words(rule: Mapping[str, Any]) -> str:
    """A rule as a sentence: `Everybody whose kind is Care homes, and place is Ambleby or Oadby`."""
    parts = [part for key, wanted in rule.items() for part in _part(key, wanted)]
    return f"Organisations where {', and '.join(parts)}" if parts else "Everybody"


def _part(key: str, wanted: Any) -> list[str]:
    if key == "attributes":
        return [f"{name} is {_either(values)}" for name, values in wanted.items()]
    said = [wanted] if isinstance(wanted, str) else list(wanted)
    if key == "kind":
        said = [kind_words(one) for one in said]
    if key == "language":
        said = [language_words(one) for one in said]
    return [_PARTS[key].format(_either(said))]


def _either(values: Any) -> str:
    several = [str(one) for one in values] if isinstance(values, list | tuple) else [str(values)]
    return ", ".join(several[:-1]) + " or " + several[-1] if several[1:] else several[0]


FILTERS: Mapping[str, Callable[..., str]] = {
    "breakable": breakable,
    "called": called,
    "dialled": dialled,
    "kind": kind_words,
    "language": language_words,
}
