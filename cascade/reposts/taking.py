"""Give somebody a link of their own to a toolkit, by letter, and know it again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from cascade.accounts import throttling
from cascade.audience import addresses, suppression
from cascade.audience.normalise import Flaw
from cascade.cleaning import cut
from cascade.errors import BadInput, NotFound
from cascade.letters.writing import write
from cascade.library.records import Toolkit
from cascade.links import Links
from cascade.reposts import groups
from cascade.reposts.records import Taker

LONGEST_NAME = 200

_LETTER = """Hello{name},

Here is your own link to “{title}”. Put it into your newsletter, post or page: whoever opens it comes to the toolkit, and we count how often, never who.

{link}

When you have used it, please tell us where. It takes a minute. This second link is only for you: do not pass it on.

{used}

You did not ask for this? Then somebody typed your address, and you need not do anything. To get no such letters:

{stop}

{cell}"""  # noqa: E501


@dataclass(frozen=True, slots=True)
class Asked:
    """Who wants a link, as they typed it: an address, or the name of an organisation we know."""

    email: str
    name: str


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody with a link of their own."""

    id: int
    toolkit_id: int
    toolkit: str
    title: str
    email: str
    name: str
    has_stopped: bool


def take(
    session: Session,
    toolkit_id: int,
    title: str,
    asked: Asked,
    *,
    links: Links,
    cell: str,
    follow_up: timedelta | None,
    now: datetime,
) -> None:
    """Write to somebody with a link of their own; silent where there is nobody to write to.

    `follow_up`: after how long they are asked how it went; None: never. Raises BadInput.
    """
    email, name = checked(asked)
    known = groups.organisation(session, name, email)
    email = email or (groups.address_for(session, known) if known else "")
    if not email or not _may_be_written_to(session, email, now):
        return
    taker = _taker(session, toolkit_id, email, name or (known.name if known else ""), now)
    if follow_up and taker.stopped_at is None:
        taker.follow_up_at = now + follow_up
    session.flush()
    # Who typed the name may not be who reads the letter: only a name of ours is in it.
    greeted = known.name if known else ""
    text = _LETTER.format(
        name=f" {greeted}" if greeted else "",
        title=title,
        link=links.taker(taker.id),
        used=links.used(taker.id),
        stop=links.stop(taker.id),
        cell=cell,
    )
    write(
        session,
        to=email,
        name=greeted,
        subject=f"Your link to {title}",
        text=text,
        now=now,
    )


def checked(asked: Asked) -> tuple[str, str]:
    """The address and the name as they are kept, one of them at least; raises BadInput."""
    name = cut(asked.name, LONGEST_NAME)
    try:
        email = addresses.email(asked.email.strip()) if asked.email.strip() else ""
    except Flaw:
        words = "Enter an email address such as name@example.org"
        raise BadInput(words, [f"email: {words}"]) from None
    if not email and not name:
        words = "Enter an email address, or the name of your organisation"
        raise BadInput(words, [f"email: {words}"])
    return email, name


def known(session: Session, number: int) -> Known:
    """Who has this link; raises NotFound."""
    query = (
        select(Taker, Toolkit.name, Toolkit.title)
        .join(Toolkit, Toolkit.id == Taker.toolkit_id)
        .where(Taker.id == number)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound("There is no such link.")
    taker, toolkit, title = row
    stopped = taker.stopped_at is not None
    return Known(taker.id, taker.toolkit_id, toolkit, title, taker.email, taker.name, stopped)


def stop(session: Session, known: Known, now: datetime) -> None:
    """Never ask this address again, about any toolkit."""
    session.execute(
        update(Taker).where(Taker.email == known.email).values(stopped_at=now, follow_up_at=None)
    )


def start(session: Session, known: Known) -> None:
    """They do want to be asked, from the next link on."""
    session.execute(update(Taker).where(Taker.email == known.email).values(stopped_at=None))


def _taker(session: Session, toolkit_id: int, email: str, name: str, now: datetime) -> Taker:
    """The one with this address, or a new one; the name that was given last stays."""
    found = session.scalar(
        select(Taker).where(Taker.toolkit_id == toolkit_id, Taker.email == email)
    )
    if found is None:
        found = Taker(toolkit_id=toolkit_id, email=email, name=name, asked_at=now)
        stopped = exists().where(Taker.email == email, Taker.stopped_at.is_not(None))
        found.stopped_at = now if session.scalar(select(stopped)) else None
        session.add(found)
    else:
        found.name = name or found.name
    return found


def _may_be_written_to(session: Session, email: str, now: datetime) -> bool:
    """Not where mail doesn't arrive or is unwanted, and not again and again by anybody's hand."""
    reason = suppression.reasons(session, [email]).get(email)
    if reason in ("bounced", "complained"):
        return False
    return throttling.allows(session, [f"take:{email}"], now)
