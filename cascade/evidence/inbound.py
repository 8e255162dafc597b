"""Take in reports and replies: keep them as they came, then record what they prove."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cascade.audience.suppression import suppress
from cascade.cleaning import cut
from cascade.errors import BadInput
from cascade.evidence.confirm import confirm
from cascade.evidence.effects import about, meaning, suppression
from cascade.evidence.reading import Kind, Letter, read
from cascade.evidence.records import InboundMessage
from cascade.evidence.replying import read_reply, why_not
from cascade.links import Links
from cascade.sending.records import Delivery
from cascade.sending.reference import read_reference
from cascade.sending.transitions import change

LARGEST = 25 * 1024 * 1024
"""Bytes of a message that is taken."""

_RETURN_PATH = re.compile(r"\bbounces\+([0-9a-z-]{3,60})@", re.IGNORECASE)
_REFERENCE = re.compile(r"(?<![\w-])[0-9a-f]{1,15}-[0-9a-f]{8}(?![\w-])", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<?([0-9a-z]{1,15}-[0-9a-z]{10,40})@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Received:
    """What came in, which delivery it is about, and what that changed."""

    kind: str
    delivery_id: int | None
    effect: str


def receive(
    session: Session, *, mail_from: str, rcpt_to: str, content: bytes, links: Links, now: datetime
) -> Received:
    """Keep a message and record what it proves; the same message again changes nothing.

    Raises BadInput when it is larger than 25 MB. Any other bytes give a result.
    """
    if len(content) > LARGEST:
        raise BadInput(f"The message has {len(content):,} bytes; at most {LARGEST:,} are taken.")
    kept, is_new = _keep(session, mail_from, rcpt_to, content, now)
    # What was about no message of ours may be by now: then the same report is looked at again.
    if not is_new and kept.kind != Kind.UNKNOWN:
        return Received(kept.kind, kept.delivery_id, f"received before: {kept.effect}")
    letter = read(content)
    delivery = _delivery(session, letter, rcpt_to, links)
    if delivery is None:
        kept.effect = "about no message of ours; kept"
    else:
        kept.kind, kept.delivery_id = _kind(letter, mail_from), delivery.id
        kept.effect = cut(_take(session, letter, Kind(kept.kind), delivery, now), 200)
    session.flush()
    return Received(kept.kind, kept.delivery_id, kept.effect)


def _keep(
    session: Session, mail_from: str, rcpt_to: str, content: bytes, now: datetime
) -> tuple[InboundMessage, bool]:
    envelope = f"{mail_from}\0{rcpt_to}\0".encode("utf-8", "replace")
    sha256 = hashlib.sha256(envelope + content).hexdigest()
    message = InboundMessage(
        at=now,
        sha256=sha256,
        mail_from=cut(mail_from, 320),
        rcpt_to=cut(rcpt_to, 320),
        content=content,
        kind=Kind.UNKNOWN,
    )
    try:
        with session.begin_nested():
            session.add(message)
        return message, True
    except IntegrityError:
        same = select(InboundMessage).where(InboundMessage.sha256 == sha256)
        return session.scalars(same.with_for_update()).one(), False


def _kind(letter: Letter, mail_from: str) -> Kind:
    # Servers' own notices have no sender, so that nobody answers them (RFC 5321, section 4.5.5).
    is_notice = letter.kind is Kind.REPLY and mail_from.strip() in ("", "<>")
    return Kind.NOTICE if is_notice else letter.kind


def _delivery(session: Session, letter: Letter, rcpt_to: str, links: Links) -> Row[int, str] | None:
    """The delivery that the signed return path names, else the Message-ID, else the reference."""
    for number in _numbers(letter, rcpt_to, links):
        row = session.execute(
            select(Delivery.id, Delivery.address).where(Delivery.id == number)
        ).one_or_none()
        if row is not None:
            return row
    return None


def _numbers(letter: Letter, rcpt_to: str, links: Links) -> Iterator[int]:
    for address in (rcpt_to, *letter.addresses):
        for found in _RETURN_PATH.finditer(address):
            yield from _read(links.read("return-path", found[1]))
    for message_id in letter.message_ids:
        for found in _MESSAGE_ID.finditer(message_id):
            yield from _read(links.read("message-id", found[1]))
    yield from _referred(letter, links)


def _referred(letter: Letter, links: Links) -> Iterator[int]:
    """The delivery whose reference stands in a reply, where it is one and no other."""
    if letter.kind is not Kind.REPLY:
        return
    codes = set(_REFERENCE.findall(f"{letter.subject}\n{letter.text}"))
    found = {number for code in codes for number in _read(read_reference(links, code))}
    if len(found) == 1:
        yield from found


def _read(number: int | None) -> Iterator[int]:
    if number is not None:
        yield number


def _take(
    session: Session, letter: Letter, kind: Kind, delivery: Row[int, str], now: datetime
) -> str:
    answer = read_reply(letter.text) if kind is Kind.REPLY else None
    if answer is None:
        return _act(session, letter, kind, delivery, now)
    confirm(session, delivery.id, answer, now=now, via="reply")
    return f"confirmed by a reply: {answer.answer}, {answer.name}, {answer.role}"


def _act(
    session: Session, letter: Letter, kind: Kind, delivery: Row[int, str], now: datetime
) -> str:
    said = about(letter, delivery.address)
    effect = meaning(kind, said)
    doubt = why_not(letter.text) if kind is Kind.REPLY else ""
    facts = (said.word, said.status, said.detail, doubt, letter.subject)
    changed = change(
        session,
        delivery.id,
        now=now,
        event=effect.event,
        detail=cut(" · ".join(filter(None, facts)), 500),
        state=effect.state,
        grade=effect.grade,
    )
    words = effect.words + (f" ({fact})" if (fact := said.status or doubt) else "")
    if not changed and (effect.state or effect.grade):
        words += "; recorded, the message stands where it stood"
    reason = suppression(effect, said, delivery.address)
    if reason:
        suppress(session, delivery.address, reason, now)
        words += "; the address will not be written to again"
    return words
