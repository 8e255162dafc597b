"""Write the rows of a release: its variants, deliveries, organisations and counters."""

from collections import Counter as Tally
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

import toolkits
from cascade.inserts import expanding
from cascade.library.records import ToolkitVersion
from cascade.sending import bulk
from cascade.sending.records import Cascade, OrganisationCounter, Variant
from cascade.sending.resolve import Audience
from cascade.sending.states import DeliveryState, Grade
from cascade.sending.transitions import count

VariantKey = tuple[int, str, str]
"""Version, the segments' names and the omitted items, each joined."""


def write(
    session: Session,
    cascade: Cascade,
    audience: Audience,
    keys: Sequence[VariantKey],
    now: datetime,
) -> None:
    """One delivery a recipient, each of the variant at the same place in `keys`."""
    variants = {
        key: Variant(
            cascade_id=cascade.id,
            version_id=key[0],
            segments=key[1],
            channel="email",
            omits=key[2],
        )
        for key in dict.fromkeys(keys)
    }
    session.add_all(variants.values())
    session.flush()
    numbers = [variants[key].id for key in keys]
    bulk.deliveries(session, cascade, audience.recipients, numbers, now)
    count(
        session,
        {
            (variant, DeliveryState.PLANNED, Grade.F): total
            for variant, total in Tally(numbers).items()
        },
    )
    _write_organisations(session, cascade, audience)
    _freeze_tables(session, cascade, {version for version, _, _ in variants})


def _freeze_tables(session: Session, cascade: Cascade, versions: Collection[int]) -> None:
    """Tables that were changed later change no message, and no page behind its link."""
    texts = session.scalars(select(ToolkitVersion.text).where(ToolkitVersion.id.in_(versions)))
    expanding.freeze(session, cascade.id, map(toolkits.parse, texts))


def _write_organisations(session: Session, cascade: Cascade, audience: Audience) -> None:
    joined = {names: ",".join(sorted(names)) for names in set(audience.organisations.values())}
    bulk.organisations(
        session, cascade.id, ((key, joined[names]) for key, names in audience.organisations.items())
    )
    totals = Tally(joined[names] for names in audience.organisations.values())
    session.execute(
        insert(OrganisationCounter),
        [
            {"cascade_id": cascade.id, "segments": names, "organisations": total, "confirmed": 0}
            for names, total in totals.items()
        ],
    )
