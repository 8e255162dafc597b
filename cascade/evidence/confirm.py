"""Confirm: a named person answers a message. Every answer is kept, the last one counts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade.cleaning import one_line, several_lines
from cascade.errors import BadInput, NotFound
from cascade.evidence.records import Confirmation
from cascade.evidence.tally import CALL_ME, tally
from cascade.sending.records import Delivery
from cascade.sending.states import Grade
from cascade.sending.transitions import change

PASSED_ON = "passed-on"

ANSWERS: Mapping[str, str] = MappingProxyType(
    {
        "received": "I have received and read this",
        "acting": "We are acting on it",
        PASSED_ON: "I have passed it on to staff",
        "not-for-us": "This is not for us",
        CALL_ME: "We cannot act on it: please call me",
    }
)
"""What a person may answer, in plain words. Each of them shows that a named person has read it."""

MOST_HEADCOUNT = 1_000_000
_LONGEST = {"name": 200, "role": 120, "comment": 2_000}
_GRADES = {"page": Grade.A, "reply": Grade.A, "phone": Grade.B}
"""What each way of answering proves; `phone`: an operator wrote down what they were told."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody filled in."""

    answer: str
    name: str
    role: str
    headcount: int | None = None
    """How many members of staff it was passed on to."""
    comment: str = ""


def confirm(
    session: Session, delivery_id: int, answer: Answer, *, now: datetime, via: str = "page"
) -> Confirmation:
    """Keep the answer and count it; raises BadInput with a line for each field that is wrong."""
    given = checked(answer)
    cascade_id = session.scalar(select(Delivery.cascade_id).where(Delivery.id == delivery_id))
    if cascade_id is None:
        raise NotFound("There is no such message. Its link may be cut off: use the whole of it.")
    change(
        session,
        delivery_id,
        now=now,
        event="confirmed",
        detail=f"{given.answer}: {given.name}, {given.role}",
        grade=_GRADES[via],
    )
    confirmation = Confirmation(
        delivery_id=delivery_id,
        at=now,
        answer=given.answer,
        name=given.name,
        role=given.role,
        headcount=given.headcount,
        comment=given.comment,
        via=via,
    )
    session.add(confirmation)
    session.flush()
    tally(session, cascade_id, delivery_id, given.answer, now)
    return confirmation


def answers(session: Session, delivery_id: int) -> tuple[Confirmation, ...]:
    """Everything that was answered for one delivery, newest first: the first one counts."""
    return tuple(
        session.scalars(
            select(Confirmation)
            .where(Confirmation.delivery_id == delivery_id)
            .order_by(Confirmation.id.desc())
        )
    )


def checked(answer: Answer) -> Answer:
    """The answer without stray spaces and control characters; raises BadInput when it isn't one."""
    given = replace(
        answer,
        name=one_line(answer.name),
        role=one_line(answer.role),
        comment=several_lines(answer.comment),
    )
    problems = tuple(_problems(given))
    if problems:
        raise BadInput("The answer is not complete. Correct it and send it again.", problems)
    return given


def _problems(given: Answer) -> Iterator[str]:
    if given.answer not in ANSWERS:
        yield f"answer: choose one of {', '.join(ANSWERS)}"
    if not given.name:
        yield "name: enter your name"
    if not given.role:
        yield "role: enter your role, such as manager or nurse in charge"
    for field, longest in _LONGEST.items():
        if len(getattr(given, field)) > longest:
            yield f"{field}: use {longest:,} characters or fewer"
    yield from _headcount_problems(given)


def _headcount_problems(given: Answer) -> Iterator[str]:
    if given.headcount is None:
        return
    if given.answer != PASSED_ON:
        yield "headcount: leave this empty unless you have passed the message on"
    elif not 0 <= given.headcount <= MOST_HEADCOUNT:
        yield f"headcount: enter a number from 0 to {MOST_HEADCOUNT:,}"
