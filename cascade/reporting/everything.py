"""Search over everything that the desk knows: toolkits, cascades, organisations, contacts."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from cascade.audience.finding import MOST, found_contacts, found_organisations
from cascade.audience.records import Contact, Organisation
from cascade.cleaning import cut
from cascade.database import among
from cascade.reporting import shelf
from cascade.reporting.cascades import numbered, titled
from cascade.reporting.words import STATE_WORDS
from cascade.sending.records import Cascade

FIRST = 10
"""Of each kind that are shown."""

LONGEST = 100


@dataclass(frozen=True, slots=True)
class CascadeFound:
    """A cascade by its title or number."""

    id: int
    title: str
    state_words: str
    exercise: bool


@dataclass(frozen=True, slots=True)
class ContactFound:
    """A contact with the organisation that it belongs to."""

    id: int
    name: str
    role: str
    email: str
    closed: bool
    organisation_id: int
    organisation: str


@dataclass(frozen=True, slots=True)
class Everything:
    """The first of each kind; totals beyond MOST stand for more than that."""

    texts: tuple[shelf.Text, ...]
    texts_total: int
    cascades: tuple[CascadeFound, ...]
    cascades_more: bool
    organisations: tuple[Organisation, ...]
    organisations_total: int
    contacts: tuple[ContactFound, ...]
    contacts_total: int

    @property
    def is_empty(self) -> bool:
        return not (self.texts or self.cascades or self.organisations or self.contacts)


def everything(session: Session, search: str, *, people: bool) -> Everything:
    """What is found by some words; people only for who may see them."""
    words = cut(search, LONGEST)
    texts = shelf.listing(session, search=words, size=FIRST)
    cascades = _cascades(session, words)
    homes = found_organisations(session, words, ()) if people else ()
    contacts = found_contacts(session, words, ()) if people else ()
    return Everything(
        texts.lines,
        texts.total,
        cascades[:FIRST],
        len(cascades) > FIRST,
        _organisations(session, homes),
        len(homes),
        _contacts(session, contacts),
        len(contacts),
    )


def _cascades(session: Session, words: str) -> tuple[CascadeFound, ...]:
    """The one of that number first, then by title, newest first."""
    found = list(_some_cascades(session, titled(words)))
    if (number := numbered(words)) is not None:
        exact = _some_cascades(session, Cascade.id == number)
        found = [*exact, *(one for one in found if one not in exact)]
    return tuple(found)


def _some_cascades(session: Session, which: ColumnElement[bool]) -> list[CascadeFound]:
    columns = (Cascade.id, Cascade.title, Cascade.state, Cascade.exercise)
    query = select(*columns).where(which).order_by(Cascade.id.desc()).limit(FIRST + 1)
    return [
        CascadeFound(row.id, row.title, STATE_WORDS[row.state], row.exercise)
        for row in session.execute(query)
    ]


def _organisations(session: Session, numbers: tuple[int, ...]) -> tuple[Organisation, ...]:
    # Only those that are shown in full lists when more are found than are counted.
    query = select(Organisation).where(among(session, Organisation.id, numbers[:MOST]))
    order = (Organisation.closed_at.is_not(None), Organisation.name, Organisation.id)
    return tuple(session.scalars(query.order_by(*order).limit(FIRST)))


def _contacts(session: Session, numbers: tuple[int, ...]) -> tuple[ContactFound, ...]:
    order = (Contact.closed_at.is_not(None), Contact.name, Contact.id)
    some = select(Contact.id).where(among(session, Contact.id, numbers[:MOST]))
    # Cut before their organisations are looked up, or a thousand of those would be.
    first = session.scalars(some.order_by(*order).limit(FIRST)).all()
    query = (
        select(Contact, Organisation.name.label("organisation"))
        .join(Organisation, Organisation.id == Contact.organisation_id)
        .where(among(session, Contact.id, first))
        .order_by(*order)
    )
    return tuple(
        ContactFound(
            id=one.id,
            name=one.name,
            role=one.role,
            email=one.email or "",
            closed=one.closed_at is not None,
            organisation_id=one.organisation_id,
            organisation=name,
        )
        for one, name in session.execute(query)
    )
