"""Fill a database with a county that has worked for years, straight through the driver."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert as insert_rows
from sqlalchemy import text
from sqlalchemy.orm import Session

from bench import editions, reposts
from bench.made_up import address_of, name, person, postcode, town
from bench.stage import toolkit_text
from cascade.audience.reach import note_everybodys_reach
from cascade.audience.records import Suppression
from cascade.audience.search_words import learn_everything
from cascade.audience.segments import FIRST
from cascade.cli.runtime import prepare
from cascade.database import Database
from cascade.inserts import keeping
from cascade.inserts.reading import Given
from cascade.library import drafts
from cascade.library.publish import publish
from cascade.reporting.recount import repair
from cascade.sending.driver import insert, moment_text
from cascade.sending.records import Cascade, Variant
from cascade.sending.states import CascadeState, DeliveryState, Grade, Lane, Tier

CASCADES, TOOLKITS = 20, 5
_DELIVERY = (
    *("id", "cascade_id", "variant_id", "contact_id", "address", "domain", "slots", "state"),
    *("grade", "due_at", "attempts", "tried_at", "changed_at"),
)


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of everything; one contact and a half for each organisation."""

    organisations: int
    deliveries: int

    def of_cascade(self, number: int) -> range:
        """The organisations of a cascade: of the newest everybody, the others share the rest."""
        newest = min(self.organisations, self.deliveries // 2)
        share = (self.deliveries - newest) // (CASCADES - 1)
        several = newest if number == CASCADES else min(share, self.organisations)
        # Spread over all kinds, as segments are.
        return range(1, self.organisations + 1, max(1, self.organisations // several))[:several]


def fill(database: Database, size: Size, now: datetime) -> None:
    """Everything of one size, with its counters right."""
    prepare(database)
    with database.writing() as session:
        _audience(session, size, now)
        versions = _library(session, now)
        learn_everything(session)
        note_everybodys_reach(session)
    for number in range(1, CASCADES + 1):
        with database.writing() as session:
            _cascade(session, size, number, versions[number % TOOLKITS], now)
    with database.writing() as session:
        repair(session)
        editions.put(session, now)
        reposts.put(session, size.organisations, lambda home: kind_of(size, home), now)
        _trail(session, size, now)
    _analyse(database)


def kind_of(size: Size, organisation: int) -> str:
    """In blocks, as registers come: all care homes, then all practices …"""
    return FIRST[(organisation - 1) * len(FIRST) // size.organisations]


def _audience(session: Session, size: Size, now: datetime) -> None:
    at = moment_text(session, now)
    several = range(1, size.organisations + 1)
    insert(
        session,
        "organisations",
        (
            *("id", "key", "name", "kind", "code", "place", "postcode", "attributes"),
            *("has_address", "updated_at"),
        ),
        (
            (
                *(one, f"W{one:06}", name(one), kind_of(size, one), f"W{one:06}"),
                *(town(one), postcode(one), "{}", False, at),
            )
            for one in several
        ),
    )
    insert(
        session,
        "contacts",
        (
            *("id", "organisation_id", "key", "name", "role", "email", "phone", "language"),
            *("channel", "deputy", "updated_at"),
        ),
        _contacts(size, at),
    )
    suppressed = [
        {"email": address_of(one), "reason": reason, "created_at": now}
        for one in several[::200]
        for reason in (("unsubscribed", "bounced", "complained")[one % 3],)
    ]
    session.execute(insert_rows(Suppression), suppressed)


def _contacts(size: Size, at: str) -> Iterator[tuple[Any, ...]]:
    for number in range(1, size.organisations * 3 // 2 + 1):
        deputy = number > size.organisations
        home = (number - size.organisations) * 2 if deputy else number
        email = address_of(number) if number % 30 else None
        role = "Deputy manager" if deputy else "Manager"
        yield (
            *(number, home, email or f"person {number}", person(number), role, email),
            *(f"+44116{number:07}", "en", "email", int(deputy), at),
        )


def _library(session: Session, now: datetime) -> Sequence[tuple[int, int]]:
    """Toolkits, each with a draft; numbers of toolkit and version."""
    made = []
    for number in range(1, TOOLKITS + 1):
        content = toolkit_text(f"bench-{number}")
        version = publish(session, content, by="bench@example.org", now=now)
        drafts.begin(session, by="bench@example.org", now=now, text=content)
        made.append((version.toolkit_id, version.id))
    hours = keeping.begin(session, "hours", "", by="bench@example.org", now=now)
    table = Given(("Place", "Name"), tuple((f"Town {one}", f"Home {one}") for one in range(5_000)))
    keeping.keep(session, hours, table, revision=0, said="", by="bench@example.org", now=now)
    return made


def _cascade(session: Session, size: Size, number: int, of: tuple[int, int], now: datetime) -> None:
    reached = size.of_cascade(number)
    sent = now - timedelta(hours=20) - timedelta(days=CASCADES - number)
    session.add(
        Cascade(
            id=number,
            toolkit_id=of[0],
            version_id=of[1],
            title=f"Cold weather is coming, number {number}",
            tier=Tier.IMPORTANT,
            lane=Lane.ROUTINE,
            state=CascadeState.SENDING if number == CASCADES else CascadeState.SENT,
            segments=list(FIRST),
            released_by="bench@example.org",
            released_at=sent,
            send_at=sent,
            deadline_at=sent + timedelta(hours=24),
            sent_at=None if number == CASCADES else sent + timedelta(hours=1),
            organisations=len(reached),
            recipients=len(reached),
            suppressed={},
        )
    )
    first = (number - 1) * len(FIRST) + 1
    variants = {kind: first + at for at, kind in enumerate(FIRST)}
    for kind, id_ in variants.items():
        session.add(
            Variant(id=id_, cascade_id=number, version_id=of[1], segments=kind, channel="email")
        )
    session.flush()
    _messages(session, size, number, variants, sent)


def _messages(
    session: Session, size: Size, number: int, variants: dict[str, int], sent: datetime
) -> None:
    reached = size.of_cascade(number)
    before = sum(len(size.of_cascade(one)) for one in range(1, number))
    ids = range(before + 1, before + 1 + len(reached))
    both = list(zip(ids, reached, strict=True))
    at, written = moment_text(session, sent), _moments(session, sent)

    def rows() -> Iterator[tuple[Any, ...]]:
        for id_, home in both:
            variant = variants[kind_of(size, home)]
            slots = json.dumps(
                {
                    "organisation": name(home),
                    "contact": person(home),
                    "role": "Manager",
                    "place": town(home),
                }
            )
            address = address_of(home)
            domain = address.rpartition("@")[2]
            state, grade = _stands(number, id_)
            tried = None if state == DeliveryState.PLANNED else at
            yield (
                *(id_, number, variant, home, address, domain, slots, state.value, grade.value),
                *(at, int(tried is not None), tried, written(id_)),
            )

    insert(session, "deliveries", _DELIVERY, rows())
    insert(session, "delivery_organisations", ("delivery_id", "organisation_id"), both)
    insert(
        session,
        "cascade_organisations",
        ("cascade_id", "organisation_id", "segments", "confirmed_at", "answer"),
        (
            (number, home, kind_of(size, home), written(id_) if answer else None, answer)
            for id_, home in both
            for answer in (_answer(number, id_),)
        ),
    )
    _happened(session, [id_ for id_, _ in both], number, written)


def _happened(
    session: Session, ids: Sequence[int], number: int, written: Callable[[int], str]
) -> None:
    stands = ((id_, *_stands(number, id_)) for id_ in ids)
    insert(
        session,
        "events",
        ("delivery_id", "at", "kind", "detail"),
        (
            (id_, written(id_), state.value, "550 5.1.1 No such user" if id_ % 10 == 1 else "")
            for id_, state, _ in stands
            if state != DeliveryState.PLANNED
        ),
    )
    insert(
        session,
        "confirmations",
        ("delivery_id", "at", "answer", "name", "role", "comment", "via"),
        (
            (id_, written(id_), answer, person(id_), "Manager", _comment(id_), "page")
            for id_ in ids
            if (answer := _answer(number, id_))
        ),
    )


def _comment(id_: int) -> str:
    return "" if id_ % 10 != 2 else "Who brings the posters?"


def _stands(number: int, id_: int) -> tuple[DeliveryState, Grade]:
    """Four in ten confirmed, one in ten bounced, one in ten of the newest still to go out."""
    if number == CASCADES and id_ % 10 == 9:
        return DeliveryState.PLANNED, Grade.F
    if id_ % 10 == 1:
        return DeliveryState.BOUNCED, Grade.F
    if id_ % 10 in (2, 4, 6, 8):
        return DeliveryState.ACCEPTED, Grade.A
    return DeliveryState.ACCEPTED, Grade.E


def _answer(number: int, id_: int) -> str | None:
    """What they confirmed with: one in four of them asks to be called."""
    if _stands(number, id_)[1] != Grade.A:
        return None
    return "call-me" if id_ % 10 == 4 else "received"


def _moments(session: Session, sent: datetime) -> Callable[[int], str]:
    """Moments over the ten hours after a cascade was sent, each written out once."""
    some = [moment_text(session, sent + timedelta(minutes=one)) for one in range(600)]
    return lambda number: some[number % 600]


def _trail(session: Session, size: Size, now: datetime) -> None:
    at = moment_text(session, now)
    rows: Iterable[tuple[Any, ...]] = (
        (at, "bench@example.org", "organisation-changed", f"organisation {one}", "", "")
        for one in range(1, size.organisations + 1)
    )
    columns = ("at", "by", "act", "subject", "address", "detail")
    insert(session, "audit_entries", columns, rows)


def _analyse(database: Database) -> None:
    """What autovacuum does on PostgreSQL by itself; SQLite is left as an installation has it."""
    if database.engine.dialect.name != "sqlite":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as one:
            one.execute(text("VACUUM ANALYZE"))
