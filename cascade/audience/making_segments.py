"""Make a segment of what somebody asks for."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cascade.audience import normalise
from cascade.audience.normalise import Flaw
from cascade.audience.records import Organisation, Segment
from cascade.audience.rules import rule_condition
from cascade.audience.segments import SegmentSize, kinds, size
from cascade.errors import BadInput

_LONGEST_TITLE = 120
_LONGEST_NAME = 60
_MOST = 200
_TAKEN = frozenset({"new"})
"""Words that mean something else in the addresses of pages."""
_AREA = re.compile(r"[A-Z]{1,2}(?:\d[A-Z\d]?)?")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks a segment to be; each part that isn't empty must hold."""

    title: str
    kinds: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    """Postcode areas or districts: `LE`, `LE1`."""
    roles: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    """Tags or English names."""
    public: bool = False
    """Whether anybody may read in the library what is for it."""


def made(session: Session, asked: Asked, of: Segment | None = None) -> Segment:
    """The segment, not kept yet; raises BadInput with `field: what to do` for each flaw.

    `of`: the one that is to become this; it keeps its name, and the attributes that it asks for.
    """
    problems: list[str] = []
    title = normalise.tidy(asked.title)
    name = of.name if of and title else _name(title)
    if not name:
        problems.append("title: enter a name for the segment")
    elif len(title) > _LONGEST_TITLE:
        problems.append(f"title: use {_LONGEST_TITLE} characters at most")
    elif of is None and _is_taken(session, name):
        problems.append(f"title: there is a segment “{name}” already: choose another name")
    rule = _rule(asked, problems, kinds(session))
    if of and "attributes" in of.rule:
        rule["attributes"] = of.rule["attributes"]
    if not rule and not problems:
        problems.append("kinds: choose at least one thing that the segment asks for")
    if problems:
        raise BadInput("Some of it can't be used.", problems)
    return Segment(name=name, title=title, rule=rule, public=asked.public)


def asked_of(segment: Segment) -> Asked:
    """What a segment asks for, as a form shows it."""

    def part(key: str) -> tuple[str, ...]:
        value = segment.rule.get(key, ())
        return (value,) if isinstance(value, str) else tuple(value)

    return Asked(
        title=segment.title,
        kinds=part("kind"),
        places=part("place"),
        areas=part("postcode_area"),
        roles=part("role"),
        languages=part("language"),
        public=segment.public,
    )


def count(session: Session, asked: Asked) -> SegmentSize:
    """Whom the segment would hold now; raises BadInput."""
    return size(session, made(session, asked))


def keep(session: Session, asked: Asked) -> Segment:
    """Add the segment; raises BadInput."""
    segment = made(session, asked)
    rule_condition(segment.rule, segment.name)
    try:
        with session.begin_nested():
            session.add(segment)
    except IntegrityError:
        words = f"title: there is a segment “{segment.name}” already: choose another name"
        raise BadInput("Some of it can't be used.", [words]) from None
    return segment


def places(session: Session) -> tuple[str, ...]:
    """Every place that an open organisation is in, for people to choose from."""
    query = select(Organisation.place).where(
        Organisation.closed_at.is_(None), Organisation.place != ""
    )
    return tuple(session.scalars(query.distinct().order_by(Organisation.place).limit(_MOST)))


def _is_taken(session: Session, name: str) -> bool:
    there = select(Segment.id).where(Segment.name == name)
    return name in _TAKEN or session.scalar(there) is not None


def _name(title: str) -> str:
    """`Homes in Ashby & Oadby` as `homes-in-ashby-and-oadby`: the word that toolkits use."""
    plain = unicodedata.normalize("NFKD", title.replace("&", " and ")).encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", "-", plain.decode().lower()).strip("-")[:_LONGEST_NAME].strip("-")


def _rule(asked: Asked, problems: list[str], known: tuple[str, ...]) -> dict[str, Any]:
    strange = [kind for kind in asked.kinds if kind not in known]
    if strange:
        problems.append(f"kinds: “{strange[0][:40]}” is not a kind of organisation")
    areas = [area.upper().replace(" ", "") for area in asked.areas]
    problems += [
        f"areas: “{area[:20]}” is no postcode area, such as LE or LE1"
        for area in areas
        if not _AREA.fullmatch(area)
    ]
    languages = []
    for one in asked.languages:
        try:
            languages.append(normalise.language(one))
        except Flaw as flaw:
            problems.append(f"languages: {flaw}")
    parts = {
        "kind": list(asked.kinds),
        "place": [normalise.tidy(place) for place in asked.places],
        "postcode_area": areas,
        "role": [normalise.tidy(role) for role in asked.roles],
        "language": languages,
    }
    if any(len(part) > _MOST for part in parts.values()):
        problems.append(f"title: a segment asks for {_MOST} values of one sort at most")
    return {key: part for key, part in parts.items() if part}
