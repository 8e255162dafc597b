"""How well everything runs: for each part whether it is right, why, and what to do.

Nothing here is guessed. What nobody has looked at is unknown, and what was seen is told with when.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cascade.evidence.records import InboundMessage
from cascade.letters import posting
from cascade.reporting.queue import BEHIND, Queue, queue
from cascade.sending import beats
from cascade.sending.moments import moment
from cascade.sending.records import Circuit, ClockBeat, WorkerBeat

CLOCK_WITHIN = timedelta(seconds=30)
SEEN_WITHIN = timedelta(minutes=2)
"""A worker, or an answer of the doorbell, that is older says nothing about now."""
MOST_WORKERS = 50


class Standing(StrEnum):
    """What is known of a part."""

    RIGHT = "right"
    LOOK = "look"
    """Not broken, but somebody should know."""
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the installation: how it stands, the facts, and what to do if anything."""

    name: str
    standing: Standing
    words: str
    remedy: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Outside:
    """What the database can't tell about the installation."""

    database: str
    """`SQLite` or `PostgreSQL`."""
    is_current: bool
    """Whether its tables are those of this version."""
    has_doorbell: bool
    """Whether a server carries the bells, or one process does everything."""


def health(session: Session, outside: Outside, now: datetime) -> tuple[Part, ...]:
    """Every part; the same number of questions however much there is to send."""
    seen, waits = _workers(session, now), queue(session, now)
    return (
        _clock(session, now),
        seen,
        _queue(waits, seen, now),
        _mail(session, "Mail server: messages of cascades", "email", now),
        _mail(session, "Mail server: letters to users", "letters", now),
        _letters(session, now),
        _inbound(session, now),
        _database(outside),
        _doorbell(session, outside, now),
    )


def _clock(session: Session, now: datetime) -> Part:
    last = session.scalar(select(func.max(ClockBeat.at)))
    start = "Start `cascade serve`, or the process `clock`. Until then nothing is begun or retried."
    if last is None:
        return Part("Clock", Standing.WRONG, "It has never run.", start)
    if now - last > CLOCK_WITHIN:
        return Part("Clock", Standing.WRONG, f"It last worked on {moment(last)}.", start)
    return Part("Clock", Standing.RIGHT, "It looks for what is due ten times a second.")


def _workers(session: Session, now: datetime) -> Part:
    rows = _processes(session, "sending")
    live = [one for one in rows if now - one.at <= SEEN_WITHIN]
    facts = tuple((one.worker, _seen(one, now)) for one in rows)
    if live:
        many = "1 process is" if len(live) == 1 else f"{len(live)} processes are"
        return Part("Workers", Standing.RIGHT, f"{many} at work.", facts=facts)
    words = "None has been seen for 2 minutes." if rows else "None has been seen."
    remedy = "Start `cascade serve`, or the process `worker`. Until then nothing goes out."
    return Part("Workers", Standing.WRONG, words, remedy, facts)


def _processes(session: Session, task: beats.Task) -> Sequence[WorkerBeat]:
    newest = select(WorkerBeat).order_by(WorkerBeat.at.desc()).limit(MOST_WORKERS)
    return session.scalars(newest.where(WorkerBeat.task == task)).all()


def _seen(one: WorkerBeat, now: datetime) -> str:
    if now - one.at <= SEEN_WITHIN:
        return f"at work since {moment(one.began_at)}"
    return f"last seen on {moment(one.at)}; it ended without a word, or can’t reach the database"


def _queue(waits: Queue, workers: Part, now: datetime) -> Part:
    facts = tuple((f"{one.lane.capitalize()} lane", one.words()) for one in waits.lanes)
    facts += (("Did not arrive, of the last 7 days", f"{waits.failed:,}"),)
    if waits.held:
        facts += (("Cascades that wait for a person", f"{waits.held:,}"),)
    late = waits.oldest_due
    if late is None or now - late <= BEHIND:
        idle = not any(one.waiting or one.in_hand for one in waits.lanes)
        words = "Nothing waits." if idle else "Messages go out as they fall due."
        return Part("Queue", Standing.RIGHT, words, facts=facts)
    words = f"A message has been due since {moment(late)}."
    if workers.standing is Standing.WRONG:
        return Part("Queue", Standing.WRONG, words, "No worker takes it: see Workers.", facts)
    remedy = (
        "The mail server may be away (see below), a rate limit may hold it back, or much goes out "
        "at once. If nothing changes for some minutes, look into the log of the workers."
    )
    return Part("Queue", Standing.LOOK, words, remedy, facts)


def _mail(session: Session, name: str, channel: str, now: datetime) -> Part:
    circuit = session.get(Circuit, channel)
    if circuit is None or not circuit.failures:
        words = "No failure is known. It is tried when there is something to send."
        return Part(name, Standing.RIGHT, words)
    times = "once" if circuit.failures == 1 else f"{circuit.failures:,} times in a row"
    if circuit.open_until is not None and circuit.open_until > now:
        again = f"It is tried again at {moment(circuit.open_until)}."
    else:
        again = "It is tried again as soon as something is due."
    return Part(
        name,
        Standing.WRONG,
        f"It could not be used, {times}. {again} Nothing is lost meanwhile, and no attempt counts.",
        "Ask its keeper with the words below. Which server it is, and the login, stand in "
        "`CASCADE_SMTP_URL`.",
        (("It said", circuit.reason),),
    )


def _letters(session: Session, now: datetime) -> Part:
    waiting, again, oldest = posting.waiting(session)
    name = "Letters to users"
    if not waiting:
        return Part(name, Standing.RIGHT, "None waits.")
    facts = (("Waiting", f"{waiting:,}"), ("Of these tried before", f"{again:,}"))
    if oldest is not None and now - oldest > BEHIND:
        words = f"One has been due since {moment(oldest)}."
        return Part(name, Standing.LOOK, words, "See Workers and the mail server.", facts)
    return Part(name, Standing.RIGHT, "They go out as they fall due.", facts=facts)


def _inbound(session: Session, now: datetime) -> Part:
    """Whether reports and replies are taken. Where no listener runs, a pipe may: nobody can tell
    that from a server on which nothing takes them, as long as no message comes."""
    name = "Inbound mail"
    rows = _processes(session, "listening")
    last = session.scalar(select(InboundMessage.at).order_by(InboundMessage.id.desc()).limit(1))
    facts = tuple((one.worker, _seen(one, now)) for one in rows)
    facts += (("Last taken", moment(last) if last else "none yet"),)
    if any(now - one.at <= SEEN_WITHIN for one in rows):
        return Part(name, Standing.RIGHT, "The listener takes reports and replies.", facts=facts)
    start = "Start `cascade inbound-listener`, or give each message to `cascade inbound`."
    if rows:
        words = "The listener has not been seen for 2 minutes. What comes waits at its sender."
        return Part(name, Standing.WRONG, words, start, facts)
    if last is not None and now - last <= beats.KEPT_FOR:
        return Part(name, Standing.RIGHT, "It comes from a file or a pipe.", facts=facts)
    words = "No listener has been seen, and nothing has come for a day."
    missed = f"{start} Without it nobody knows what bounces."
    return Part(name, Standing.UNKNOWN, words, missed, facts)


def _database(outside: Outside) -> Part:
    if not outside.is_current:
        words = f"{outside.database} answers, but it is not at this version of Cascade."
        return Part("Database", Standing.WRONG, words, "Run `cascade db upgrade`.")
    return Part("Database", Standing.RIGHT, f"{outside.database} answers, and is up to date.")


def _doorbell(session: Session, outside: Outside, now: datetime) -> Part:
    name = "Doorbell (Redis)"
    if not outside.has_doorbell:
        return Part(name, Standing.RIGHT, "Not needed: everything runs in one process.")
    asked = session.get(ClockBeat, beats.DOORBELL)
    if asked is None or now - asked.at > SEEN_WITHIN:
        words = "The clock, which asks it, has not told of it lately."
        return Part(name, Standing.UNKNOWN, words, "See Clock.")
    if reason := str(asked.detail.get("reason", "")):
        remedy = "Start it, or mend `CASCADE_REDIS_URL`. It holds nothing, so nothing is lost."
        return Part(name, Standing.WRONG, "It does not answer.", remedy, (("It said", reason),))
    return Part(name, Standing.RIGHT, f"It answered on {moment(asked.at)}.")


def summary(parts: Sequence[Part]) -> str:
    """All of it in a sentence."""
    wrong = [one.name for one in parts if one.standing is Standing.WRONG]
    look = [one.name for one in parts if one.standing in (Standing.LOOK, Standing.UNKNOWN)]
    if wrong:
        return f"Not working: {', '.join(wrong)}."
    return f"Look at: {', '.join(look)}." if look else "Everything that can be seen is working."
