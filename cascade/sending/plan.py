"""Release a toolkit: resolve, freeze the denominators, plan one delivery a person."""

from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

import toolkits
from cascade.errors import NeedsAgain, Refused
from cascade.library.publish import languages
from cascade.library.records import Toolkit, ToolkitVersion
from cascade.sending import bulk
from cascade.sending.deadlines import LONDON, after_working_time
from cascade.sending.records import Cascade, OrganisationCounter, Variant
from cascade.sending.resolve import (
    EVERY_TIER,
    UNSUBSCRIBABLE,
    Audience,
    Recipient,
    named,
    resolve,
)
from cascade.sending.states import POLICIES, CascadeState, DeliveryState, Grade, Tier
from cascade.sending.transitions import count
from cascade.sending.words import organisation_words

AGAIN_WITHIN = timedelta(days=1)
SAMPLE = 5


@dataclass(frozen=True, slots=True)
class Release:
    """What somebody asks for: which toolkit, to whom, how urgent, when."""

    toolkit: Toolkit
    segments: Sequence[str]
    tier: Tier
    by: str
    send_at: datetime | None = None
    deadline_at: datetime | None = None
    exercise: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """The numbers of a release, and a few of its recipients; `cascade` is None in a dry run."""

    cascade: int | None
    title: str
    tier: str
    send_at: datetime
    deadline_at: datetime | None
    organisations: int
    recipients: int
    deliveries: int
    variants: int
    segments: Mapping[str, Mapping[str, int]]
    suppressed: Sequence[Mapping[str, str | int]]
    sample: Sequence[Mapping[str, str]] = field(default_factory=tuple)


def release(session: Session, wanted: Release, now: datetime, *, dry_run: bool = False) -> Planned:
    """Plan a cascade. It goes out when its time has come and the transaction is committed.

    Raises Refused when nobody would get it, when it holds nothing for somebody, or its time is
    over; NeedsAgain when the same version went to the same segments within a day.
    """
    if not dry_run:
        # Two releases of one toolkit at once take turns, so that the second sees the first.
        session.execute(select(Toolkit.id).where(Toolkit.id == wanted.toolkit.id).with_for_update())
    versions = languages(session, wanted.toolkit)
    own = versions[wanted.toolkit.language]
    documents = {one.id: toolkits.parse(one.text) for one in versions.values()}
    policy = POLICIES[wanted.tier]
    holding = UNSUBSCRIBABLE if policy.can_unsubscribe else EVERY_TIER
    audience = resolve(session, named(session, wanted.segments), holding=holding)
    cascade = _cascade(wanted, own, documents[own.id].meta.expires, audience, now)
    _refuse_repetition(session, cascade, wanted, now)
    variants = _variants(audience, versions, own)
    _refuse_emptiness(cascade, audience, variants, documents)
    if not dry_run:
        session.add(cascade)
        session.flush()
        _write(session, cascade, audience, variants, now)
    return _planned(cascade, audience, len(set(variants)))


VariantKey = tuple[int, str]
"""Version and the segments' names, joined."""


def _cascade(
    wanted: Release, own: ToolkitVersion, expires: date | None, audience: Audience, now: datetime
) -> Cascade:
    policy = POLICIES[wanted.tier]
    send_at = max(wanted.send_at or now, now)
    deadline_at = wanted.deadline_at or deadline(wanted.tier, send_at)
    if deadline_at is not None and deadline_at <= send_at:
        raise Refused("The deadline is before the message goes out. Choose a later deadline.")
    return Cascade(
        toolkit_id=wanted.toolkit.id,
        version_id=own.id,
        title=own.title,
        tier=wanted.tier,
        lane=policy.lane,
        state=CascadeState.SCHEDULED if send_at > now else CascadeState.SENDING,
        segments=sorted(set(wanted.segments)),
        exercise=wanted.exercise,
        released_by=wanted.by,
        released_at=now,
        send_at=send_at,
        deadline_at=deadline_at,
        # A toolkit holds to the end of the day it names.
        expires_at=expires
        and datetime(expires.year, expires.month, expires.day, tzinfo=LONDON) + timedelta(days=1),
        organisations=len(audience.organisations),
        recipients=len(audience.recipients),
        suppressed=dict(audience.suppressed),
    )


def deadline(tier: Tier, send_at: datetime) -> datetime | None:
    """When a tier asks to be confirmed by, None when it doesn't."""
    policy = POLICIES[tier]
    if policy.confirm_within is None:
        return None
    if policy.working_time:
        return after_working_time(send_at, policy.confirm_within)
    return send_at + policy.confirm_within


def _refuse_repetition(session: Session, cascade: Cascade, wanted: Release, now: datetime) -> None:
    recent = session.scalars(
        select(Cascade).where(
            Cascade.version_id == cascade.version_id,
            Cascade.released_at > now - AGAIN_WITHIN,
            Cascade.state != CascadeState.WITHDRAWN,
            Cascade.exercise == wanted.exercise,
        )
    )
    same = next((one for one in recent if one.segments == cascade.segments), None)
    if same is not None and not wanted.again:
        raise NeedsAgain(
            f"This version went to the same segments as cascade {same.id} at "
            f"{same.released_at.astimezone(LONDON):%H:%M on %d %B}. "
            "To send it once more all the same, release it with --again."
        )


def _variants(
    audience: Audience, versions: Mapping[str, ToolkitVersion], own: ToolkitVersion
) -> list[VariantKey]:
    """The variant of each recipient, in the order of recipients."""
    by_language: dict[str, int] = {}
    joined: dict[frozenset[str], str] = {}
    keys = []
    for one in audience.recipients:
        if one.language not in by_language:
            by_language[one.language] = _version(one.language, versions, own).id
        if one.segments not in joined:
            joined[one.segments] = ",".join(sorted(one.segments))
        keys.append((by_language[one.language], joined[one.segments]))
    return keys


def _version(
    language: str, versions: Mapping[str, ToolkitVersion], own: ToolkitVersion
) -> ToolkitVersion:
    """The reader's language, else the same without its region, else the toolkit's own."""
    return versions.get(language) or versions.get(language.partition("-")[0]) or own


def _refuse_emptiness(
    cascade: Cascade,
    audience: Audience,
    variants: Sequence[VariantKey],
    documents: Mapping[int, toolkits.Document],
) -> None:
    if not audience.recipients:
        raise Refused(
            f"Nobody would get this: {cascade.organisations} organisations are in "
            f"{', '.join(cascade.segments)}, and none has a contact with an email address. "
            "Import contacts first: cascade audience import FILE."
        )
    if cascade.expires_at is not None and cascade.expires_at <= cascade.send_at:
        raise Refused(
            f"The toolkit expires before the message goes out ({cascade.expires_at:%d %B %Y}). "
            "Publish a version with a later `expires:`."
        )
    for version_id, joined in sorted(set(variants)):
        if not toolkits.select(documents[version_id], joined.split(",")):
            raise Refused(
                f"The toolkit has nothing to say to {joined.replace(',', ' and ')}. Write a "
                "section for them, or leave them out of the release."
            )


def _write(
    session: Session,
    cascade: Cascade,
    audience: Audience,
    keys: Sequence[VariantKey],
    now: datetime,
) -> None:
    variants = {
        key: Variant(cascade_id=cascade.id, version_id=key[0], segments=key[1], channel="email")
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


def _planned(cascade: Cascade, audience: Audience, variants: int) -> Planned:
    organisations = Tally(audience.organisations.values())
    recipients = Tally(one.segments for one in audience.recipients)
    segments = {
        name: {
            "organisations": sum(n for names, n in organisations.items() if name in names),
            "recipients": sum(n for names, n in recipients.items() if name in names),
        }
        for name in cascade.segments
    }
    return Planned(
        cascade=cascade.id,
        title=cascade.title,
        tier=cascade.tier,
        send_at=cascade.send_at,
        deadline_at=cascade.deadline_at,
        organisations=cascade.organisations,
        recipients=cascade.recipients,
        deliveries=len(audience.recipients),
        variants=variants,
        segments=segments,
        suppressed=[
            {"reason": reason, "count": total}
            for reason, total in sorted(cascade.suppressed.items())
        ],
        sample=[_shown(one) for one in audience.recipients[:SAMPLE]],
    )


def _shown(recipient: Recipient) -> Mapping[str, str]:
    return {
        "organisation": organisation_words(tuple(recipient.organisations.values())),
        "contact": recipient.contact,
        "address": recipient.address,
        "segments": ", ".join(sorted(recipient.segments)),
    }
