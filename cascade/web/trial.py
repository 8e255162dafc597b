"""A release sent to the person who makes it, before it is made, and what became of that."""

from functools import partial

from sqlalchemy.orm import Session

from cascade.accounts.acts import Act
from cascade.audience.segments import titles
from cascade.inserts.expanding import of_text
from cascade.letters.records import Letter
from cascade.letters.writing import write
from cascade.library.records import ToolkitVersion
from cascade.sending.preview import render
from cascade.web import access
from cascade.web.appearance import look
from cascade.web.noting import note
from cascade.web.release_choices import Choices
from cascade.web.site import site


def send(session: Session, version: ToolkitVersion, choices: Choices) -> str:
    """Send it to who asks; gives a token by which the next page knows of it."""
    now, person, called = site().clock(), access.person(), titles(session)
    names, home, ours = frozenset(choices.segments), site().settings.base_url, look()
    shown = partial(
        render,
        version.text,
        names,
        now=now,
        home=home,
        identity=ours,
        titles=called,
        tables=of_text(session, version.text),
    )
    text, page = shown("text"), shown("email")
    letter = write(
        session,
        to=person.email,
        name=person.name,
        subject=f"TEST: {version.title}",
        text=text,
        html=page,
        now=now,
    )
    session.flush()
    note(session, Act.TEST_SENT, f"version {version.id}", after={"to": person.email})
    return site().links.token("trial", letter.id)


def sent(token: str) -> Letter | None:
    """The one that was sent; None when nobody sent one, or somebody else did."""
    number = site().links.read("trial", token)
    if number is None:
        return None
    with site().database.reading() as session:
        letter = session.get(Letter, number)
    return letter if letter and letter.to == access.person().email else None
