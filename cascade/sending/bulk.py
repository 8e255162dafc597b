"""Write the many rows of a release: COPY where the database has it, else batches of INSERT."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from json.encoder import encode_basestring as _quoted

from sqlalchemy import text
from sqlalchemy.orm import Session

from cascade.sending.driver import Statement, execute, insert, is_sqlite, moment_text
from cascade.sending.records import Cascade
from cascade.sending.resolve import Recipient
from cascade.sending.states import DeliveryState, Grade
from cascade.sending.words import organisation_words

_DELIVERY_COLUMNS = (
    "id",
    "cascade_id",
    "variant_id",
    "contact_id",
    "address",
    "domain",
    "slots",
    "state",
    "grade",
    "due_at",
    "attempts",
    "changed_at",
)


def deliveries(
    session: Session,
    cascade: Cascade,
    recipients: Sequence[Recipient],
    variants: Sequence[int],
    now: datetime,
) -> None:
    """One planned delivery for each recipient (with the variant of the same place in the list)."""
    ids = _reserve(session, len(recipients))
    due_at, changed_at = moment_text(session, cascade.send_at), moment_text(session, now)
    state, grade = DeliveryState.PLANNED.value, Grade.F.value
    insert(
        session,
        "deliveries",
        _DELIVERY_COLUMNS,
        (
            (
                id_,
                cascade.id,
                variant,
                one.contact_id,
                one.address,
                one.address.rpartition("@")[2].lower(),
                slots(one),
                state,
                grade,
                due_at,
                0,
                changed_at,
            )
            for id_, one, variant in zip(ids, recipients, variants, strict=True)
        ),
    )
    insert(
        session,
        "delivery_organisations",
        ("delivery_id", "organisation_id"),
        (
            (id_, organisation)
            for id_, one in zip(ids, recipients, strict=True)
            for organisation in one.organisations
        ),
    )


def organisations(session: Session, cascade_id: int, rows: Iterable[tuple[int, str]]) -> None:
    """The organisations to reach, each with the joined names of its segments."""
    insert(
        session,
        "cascade_organisations",
        ("cascade_id", "organisation_id", "segments"),
        ((cascade_id, organisation, segments) for organisation, segments in rows),
    )


def slots(recipient: Recipient) -> str:
    """What a delivery knows about its recipient, as JSON."""
    # Put together by hand: a fifth of a release went into making an encoder for each row.
    organisation = organisation_words(tuple(recipient.organisations.values()))
    return (
        f'{{"organisation": {_quoted(organisation)}, "contact": {_quoted(recipient.contact)}, '
        f'"role": {_quoted(recipient.role)}, "place": {_quoted(recipient.place)}, '
        f'"code": {_quoted(", ".join(recipient.codes))}}}'
    )


_NEXT = Statement("SELECT nextval('deliveries_id_seq') FROM generate_series(1, :number)")


def _reserve(session: Session, number: int) -> Sequence[int]:
    """Row numbers for that many deliveries, known before they are written."""
    if not is_sqlite(session):
        return [id_ for (id_,) in execute(session, _NEXT, {"number": number})]
    # The writer is alone on SQLite, and AUTOINCREMENT remembers numbers of rows that are gone.
    last = session.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'deliveries'")) or 0
    return range(last + 1, last + 1 + number)
