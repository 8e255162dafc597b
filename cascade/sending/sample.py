"""What one recipient of a release would get: the very message, made before there is a cascade."""

import json
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from sqlalchemy.orm import Session

import toolkits
from cascade.errors import NotFound
from cascade.identity import Identity
from cascade.inserts.expanding import Tables, of_text
from cascade.library.publish import languages
from cascade.library.records import BULLETIN, ToolkitVersion
from cascade.links import Links
from cascade.sending import bulk, once, tiers
from cascade.sending.compose import compile_variant
from cascade.sending.facts import CascadeFacts
from cascade.sending.headcount import holding
from cascade.sending.plan import Release, deadline
from cascade.sending.resolve import Recipient, named, recipient

NO_DELIVERY = 0
"""Deliveries are counted from 1, so what is signed for this one says that it was a test."""
_NO_SECRET = "an example"


@dataclass(frozen=True, slots=True)
class Reader:
    """A recipient of a release, and all that makes their message."""

    recipient: Recipient
    version: ToolkitVersion
    """In their language, where there is one."""
    facts: CascadeFacts
    titles: dict[str, str]
    """What the segments of the release are called, by their names."""
    tables: Tables


@dataclass(frozen=True, slots=True)
class Message:
    """A message as a mail program shows it; its reference and its own links are examples."""

    subject: str
    html: str
    text: str


def reader(session: Session, wanted: Release, contact: int, now: datetime) -> Reader:
    """A contact whom the release reaches; raises NotFound for everybody else."""
    segments = named(session, wanted.segments)
    means = tiers.policy(session, wanted.tier)
    found = recipient(session, segments, contact, holding=holding(means))
    if found is None:
        raise NotFound(f"The release doesn't reach contact {contact}.")
    versions = wanted.versions or languages(session, wanted.toolkit)
    own = wanted.language
    if wanted.toolkit.kind == BULLETIN:
        found.omits = once.had_by(session, versions, own, found)
    version = once.version_for(found.language, versions, versions[own])
    if not toolkits.select(
        toolkits.parse(version.text), sorted(found.segments), without=found.omits
    ):
        raise NotFound(f"The toolkit has nothing to say to contact {contact}.")
    confirm_by = wanted.deadline_at or deadline(means, max(wanted.send_at or now, now))
    # To the minute, as it is said: for looks in the same minute the text is laid out once.
    said = confirm_by and confirm_by.replace(second=0, microsecond=0)
    facts = CascadeFacts(wanted.tier, said, wanted.exercise)
    titles = {one.name: one.title for one in segments}
    return Reader(found, version, facts, titles, of_text(session, version.text))


def message(
    to: Reader, identity: Identity, home: str, now: datetime, *, links: Links | None = None
) -> Message:
    """Their message, from the bytes that a mail server would be given.

    `home`: the address of the installation; `links`: of what is sent to somebody as a test.
    """
    variant = compile_variant(
        to.version.text,
        facts=to.facts,
        segments=to.recipient.segments,
        links=links or Links(_NO_SECRET, home),
        identity=identity,
        titles=to.titles,
        without=to.recipient.omits,
        tables=to.tables,
    )
    slots = json.loads(bulk.slots(to.recipient))
    made = variant.outgoing(NO_DELIVERY, to.recipient.address, slots, now=now)
    mail = message_from_bytes(made.body, policy=policy.default)
    return Message(str(mail["Subject"]), _part(mail, "html"), _part(mail, "plain"))


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""
