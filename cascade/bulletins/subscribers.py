"""Who gets a bulletin beyond its segments: contacts of an organisation and a segment of its own."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cascade.accounts import throttling
from cascade.audience import contact_editing, suppression
from cascade.audience.addresses import email as normalised
from cascade.audience.checking import GivenContact
from cascade.audience.normalise import Flaw
from cascade.audience.records import Contact, Organisation, Segment, Suppression
from cascade.audience.search_words import learn_organisations
from cascade.bulletins.records import Bulletin, Subscription
from cascade.cleaning import cut
from cascade.errors import BadInput, NotFound
from cascade.letters.writing import write
from cascade.paging import Page

PREFIX = "subscribers-"
VALID = timedelta(days=7)
"""How long the link of a letter works."""
_LETTER = """Hello,

somebody, we hope you, asked us to send “{title}” to this address.

To get it, open this page and press the button:

{link}

If it was not you, do nothing: then nothing is sent, and this address is forgotten.
"""


def segment_name(bulletin: Bulletin) -> str:
    """The segment of a bulletin's subscribers, and their organisation's kind."""
    return f"{PREFIX}{bulletin.name}"


def segments(session: Session, bulletin: Bulletin) -> tuple[str, ...]:
    """The same as long as anybody is in it: an empty one is nobody who is not reached."""
    anybody = exists().where(_of_bulletin(bulletin))
    return (segment_name(bulletin),) if session.scalar(select(anybody)) else ()


def prepare(session: Session, bulletin: Bulletin) -> None:
    """Make the segment that subscribers will be in; their organisation comes with the first."""
    kind = segment_name(bulletin)
    session.add(Segment(name=kind, title=_title(bulletin), rule={"kind": [kind]}))
    session.flush()


def rename(session: Session, bulletin: Bulletin) -> None:
    """Call them as the bulletin is called now."""
    name = segment_name(bulletin)
    organisation = _organisation(session, bulletin)
    if organisation is not None:
        organisation.name = _title(bulletin)
    segment = session.scalar(select(Segment).where(Segment.name == name))
    if segment is not None:
        segment.title = _title(bulletin)


def checked(email: str) -> str:
    """The address as it is kept; raises BadInput for what is none."""
    try:
        return normalised(email)
    except Flaw as flaw:
        raise BadInput("This is no address.", [f"email: {flaw}"]) from None


def may_be_written_to(session: Session, address: str, place: str, now: datetime) -> bool:
    """Not again and again by anybody's hand, nor where mail doesn't arrive or is unwanted.

    Counts a try; `place`: where it comes from. Nothing of an address is kept before this.
    """
    if not throttling.allows(session, [f"subscribe:{address}", f"subscriber:{place}"], now):
        return False
    return suppression.reasons(session, [address]).get(address) not in ("bounced", "complained")


def ask(session: Session, bulletin: Bulletin, email: str, now: datetime) -> Subscription:
    """Somebody asks to get it: the row that a letter's link names, with the address to write to.

    Raises BadInput for what is no address. Who asks again gets another letter, no second row.
    """
    address = checked(email)
    found = _of(session, bulletin, address)
    if found is None:
        found = Subscription(bulletin_id=bulletin.id, email=address, asked_at=now)
        try:
            with session.begin_nested():
                session.add(found)
        except IntegrityError:  # the same person, twice at this very moment
            found = _of(session, bulletin, address) or found
    found.asked_at = now
    session.flush()
    return found


def letter(session: Session, bulletin: Bulletin, address: str, link: str, now: datetime) -> None:
    """Write to who asked, so that nobody is subscribed by somebody else."""
    write(
        session,
        to=address,
        name="",
        subject=f"Please confirm: {bulletin.title}",
        text=_LETTER.format(title=bulletin.title, link=link),
        now=now,
    )


def pending(session: Session, bulletin: Bulletin, ticket: int, now: datetime) -> Subscription:
    """What a letter's link stands for; raises NotFound when it is over."""
    found = session.scalar(
        select(Subscription).where(
            Subscription.ticket == ticket,
            Subscription.bulletin_id == bulletin.id,
            Subscription.asked_at > now - VALID,
        )
    )
    if found is None:
        raise NotFound("This link is over. Subscribe once more to get another one.")
    return found


def confirm(session: Session, bulletin: Bulletin, ticket: int, now: datetime) -> None:
    """They want it: from the next issue on they get it. Says yes again to who said it before."""
    asked = pending(session, bulletin, ticket, now)
    asked.confirmed_at = now
    subscribe(session, bulletin, asked.email, now)
    # They unsubscribed once, and now ask for it themselves.
    held = session.scalar(select(Suppression.reason).where(Suppression.email == asked.email))
    if held == "unsubscribed":
        suppression.unsuppress(session, asked.email)


def subscribe(session: Session, bulletin: Bulletin, email: str, now: datetime) -> Contact:
    """Let this address get it; one that does so already stays as it is. Raises BadInput."""
    address = checked(email)
    session.execute(select(Bulletin.id).where(Bulletin.id == bulletin.id).with_for_update())
    organisation = _organisation(session, bulletin) or _founded(session, bulletin, now)
    there = session.scalar(
        select(Contact).where(Contact.organisation_id == organisation.id, Contact.email == address)
    )
    if there is None:
        given = GivenContact(name="", role="Subscriber", email=address)
        return contact_editing.add(session, organisation.id, given, now)
    return contact_editing.set_closed(session, there.id, closed=False, now=now)


def listing(
    session: Session, bulletin: Bulletin, *, page: int = 1, size: int = 50
) -> Page[Contact]:
    """Who gets it beyond its segments, newest first."""
    total = (
        session.scalar(select(func.count()).select_from(Contact).where(_of_bulletin(bulletin))) or 0
    )
    rows = session.scalars(
        select(Contact)
        .where(_of_bulletin(bulletin))
        .order_by(Contact.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    return Page(tuple(rows), page, size, total)


def forget(session: Session, now: datetime) -> None:
    """Delete the addresses that somebody gave and nobody confirmed."""
    session.execute(
        delete(Subscription).where(
            Subscription.confirmed_at.is_(None), Subscription.asked_at <= now - VALID
        )
    )


def _of(session: Session, bulletin: Bulletin, address: str) -> Subscription | None:
    return session.scalar(
        select(Subscription).where(
            Subscription.bulletin_id == bulletin.id, Subscription.email == address
        )
    )


def _organisation(session: Session, bulletin: Bulletin) -> Organisation | None:
    """The one that subscribers are contacts of; None as long as there was nobody."""
    return session.scalar(select(Organisation).where(Organisation.key == segment_name(bulletin)))


def _founded(session: Session, bulletin: Bulletin, now: datetime) -> Organisation:
    kind = segment_name(bulletin)
    made = Organisation(key=kind, name=_title(bulletin), kind=kind, updated_at=now)
    session.add(made)
    session.flush()
    learn_organisations(session, [made])
    return made


def _of_bulletin(bulletin: Bulletin) -> ColumnElement[bool]:
    """Condition on contacts: they have subscribed to it."""
    theirs = select(Organisation.id).where(Organisation.key == segment_name(bulletin))
    return Contact.organisation_id.in_(theirs) & Contact.closed_at.is_(None)


def _title(bulletin: Bulletin) -> str:
    return cut(f"Subscribers of {bulletin.title}", 120)
