"""A release sent to the person who makes it, before it is made, and what became of that."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

from sqlalchemy.orm import Session

from cascade.accounts.acts import Act
from cascade.letters.records import Letter
from cascade.letters.writing import write
from cascade.library.records import ToolkitVersion
from cascade.sending.plan import Release, examples
from cascade.sending.planned import Example
from cascade.sending.sample import Message, Reader, message, reader
from cascade.sending.words import organisation_words
from cascade.web import access
from cascade.web.appearance import look
from cascade.web.headcounts import reached
from cascade.web.noting import note
from cascade.web.release_choices import Choices
from cascade.web.site import site

MOST = 6
"""Variants of which one each is sent."""
_BODY = re.compile(r"<body[^>]*>")
_BOX = (
    '<div lang="en" dir="ltr" style="background: #fff9c4; color: #212b32; padding: 16px; '
    'font-family: Arial, sans-serif; font-size: 16px">{words}</div>'
)


@dataclass(frozen=True, slots=True)
class Trial:
    """One message of the release, as its reader would get it, and what is said above it."""

    message: Message
    words: str


def made(session: Session, wanted: Release, choices: Choices) -> tuple[Trial, ...]:
    """A message of each variant, of the largest where there are many; raises what `reader` does,
    and Refused when nobody would get anything."""
    now = site().clock()
    found = examples(session, replace(wanted, again=True), reached(session, choices), now)
    return tuple(_made(session, wanted, one, len(found)) for one in found[:MOST])


def send(session: Session, version: ToolkitVersion, trials: Sequence[Trial]) -> str:
    """Send them to who asks; gives a token by which the next page knows of it."""
    now, person = site().clock(), access.person()
    letters = [
        write(
            session,
            to=person.email,
            name=person.name,
            subject=f"Test to you: {one.message.subject}",
            text=f"{one.words}\n\n{one.message.text}",
            html=_with_box(one),
            now=now,
        )
        for one in trials
    ]
    session.flush()
    after = {"to": person.email, "emails": len(letters)}
    note(session, Act.TEST_SENT, f"version {version.id}", after=after)
    return site().links.token("trial", letters[-1].id)


def sent(token: str) -> Letter | None:
    """The last that was sent; None when nobody sent one, or somebody else did."""
    number = site().links.read("trial", token)
    if number is None:
        return None
    with site().database.reading() as session:
        letter = session.get(Letter, number)
    return letter if letter and letter.to == access.person().email else None


def _made(session: Session, wanted: Release, one: Example, variants: int) -> Trial:
    now = site().clock()
    to = reader(session, wanted, one.recipient.contact_id, now)
    # Signed as a real one, so that its links lead to a page that says what it was.
    shown = message(to, look(), site().settings.base_url, now, links=site().links)
    return Trial(shown, _words(to, one.people, variants))


def _words(to: Reader, people: int, variants: int) -> str:
    called = " and ".join(to.titles.get(one, one) for one in sorted(to.recipient.segments))
    who = organisation_words(tuple(to.recipient.organisations.values()))
    which = f" It is one of {variants} variants of the message" if variants > 1 else ""
    if variants > MOST:
        which += f", of which the largest {MOST} were sent to you"
    same = f"{people:,} {'person gets' if people == 1 else 'people get'} this variant"
    return (
        f"This is a test, sent to you alone. It is what {who} would get, for {called}: {same}."
        f"{which}{'.' if which else ''} Answers to it are not counted."
    )


def _with_box(one: Trial) -> str:
    box = _BOX.format(words=escape(one.words))
    return _BODY.sub(lambda body: f"{body[0]}{box}", one.message.html, count=1)
