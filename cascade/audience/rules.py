"""Turn a segment's rule into a condition over organisations and contacts."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, or_, true

from cascade.audience.records import Contact, Organisation
from cascade.errors import BadInput

_AREA = re.compile(r"[A-Z]{1,2}")
_DISTRICT = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?")


def rule_condition(rule: Mapping[str, Any], about: str) -> ColumnElement[bool]:
    """What must hold, all of it; BadInput names a key or value that is not understood."""
    unknown = [key for key in rule if key not in _CONDITIONS]
    if unknown:
        raise BadInput(
            f"The rule of segment “{about}” has an unknown part “{unknown[0]}”. "
            f"Known: {', '.join(_CONDITIONS)}."
        )
    return and_(true(), *(_CONDITIONS[key](wanted, about) for key, wanted in rule.items()))


def _texts(wanted: object, about: str, key: str) -> list[str]:
    texts = [wanted] if isinstance(wanted, str) else wanted
    if not isinstance(texts, Sequence) or not all(isinstance(text, str) for text in texts):
        raise BadInput(f"The rule of segment “{about}”: “{key}” takes a list of texts.")
    return list(texts)


def _kind(wanted: object, about: str) -> ColumnElement[bool]:
    return Organisation.kind.in_(_texts(wanted, about, "kind"))


def _place(wanted: object, about: str) -> ColumnElement[bool]:
    return func.lower(Organisation.place).in_(_lower(_texts(wanted, about, "place")))


def _role(wanted: object, about: str) -> ColumnElement[bool]:
    return func.lower(Contact.role).in_(_lower(_texts(wanted, about, "role")))


def _language(wanted: object, about: str) -> ColumnElement[bool]:
    tags = _texts(wanted, about, "language")
    regional = [Contact.language.startswith(f"{tag}-", autoescape=True) for tag in tags]
    return or_(Contact.language.in_(tags), *regional)


def _postcode_area(wanted: object, about: str) -> ColumnElement[bool]:
    return or_(*(_within(area.upper(), about) for area in _texts(wanted, about, "postcode_area")))


def _within(area: str, about: str) -> ColumnElement[bool]:
    if _DISTRICT.fullmatch(area):
        return Organisation.postcode.startswith(f"{area} ")
    if _AREA.fullmatch(area):
        # L is Liverpool and LE is Leicester: a digit must follow.
        return or_(*(Organisation.postcode.startswith(f"{area}{digit}") for digit in range(10)))
    raise BadInput(
        f"The rule of segment “{about}”: “{area}” is no postcode area, such as LE or LE1."
    )


def _attributes(wanted: object, about: str) -> ColumnElement[bool]:
    if not isinstance(wanted, Mapping):
        raise BadInput(
            f"The rule of segment “{about}”: “attributes” takes names with their values."
        )
    return and_(true(), *(_attribute(str(name), values) for name, values in wanted.items()))


def _attribute(name: str, values: object) -> ColumnElement[bool]:
    several = values if isinstance(values, list | tuple) else [values]
    stored = cast(Organisation.attributes[name].as_string(), String)
    return stored.in_([str(one) for one in several])


def _lower(texts: Sequence[str]) -> list[str]:
    return [text.lower() for text in texts]


OF_CONTACTS = frozenset({"role", "language"})
"""Parts of a rule that hold for a contact; the others hold for the organisation."""

_CONDITIONS: dict[str, Callable[[object, str], ColumnElement[bool]]] = {
    "kind": _kind,
    "place": _place,
    "postcode_area": _postcode_area,
    "attributes": _attributes,
    "role": _role,
    "language": _language,
}
