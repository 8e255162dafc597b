"""Release a toolkit: resolve, freeze the denominators, plan one delivery a person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import toolkits
from cascade.accounts.users import Person
from cascade.audience.records import Segment
from cascade.errors import NeedsAgain, Refused, Released
from cascade.inserts import expanding
from cascade.library.publish import languages
from cascade.library.records import BULLETIN, Toolkit, ToolkitVersion
from cascade.look.wearing import frozen
from cascade.sending import once, tiers
from cascade.sending.deadlines import LONDON, after_working_time
from cascade.sending.headcount import Headcount, Kind, counted, holding, kind, looked_at
from cascade.sending.moments import moment
from cascade.sending.planned import Example, Planned, described, one_of_each
from cascade.sending.planting import VariantKey, write
from cascade.sending.records import Cascade
from cascade.sending.resolve import Audience, named, resolve
from cascade.sending.states import POLICIES, CascadeState, Policy, Tier
from cascade.sign_off import clearance

AGAIN_WITHIN = timedelta(days=1)
COUNTERSIGN_WITHIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Release:
    """What somebody asks for: which toolkit, to whom, how urgent, when."""

    toolkit: Toolkit
    segments: Sequence[str]
    tier: Tier
    by: str
    """The address of their account, or their name at the terminal where nobody has one."""
    person: Person | None = None
    """Their account; needed where sign-off is in force."""
    send_at: datetime | None = None
    deadline_at: datetime | None = None
    exercise: bool = False
    again: bool = False
    request_key: str | None = None
    """Releasing with the same one again is refused: a second click on the same page."""
    versions: Mapping[str, ToolkitVersion] | None = None
    """What goes out in each language, the first for everybody else; None: the newest, and the
    toolkit's own language. An issue of a bulletin is no other one."""
    look: Mapping[str, Any] = field(default_factory=dict)
    """What it wears over the look of the cell."""
    by_clock: bool = False
    """Its time has come, and nobody is asked who they are; approved it must be all the same."""

    @property
    def language(self) -> str:
        """Of what goes to whoever reads none of the languages that it is written in."""
        return next(iter(self.versions)) if self.versions else self.toolkit.language


def release(session: Session, wanted: Release, now: datetime, *, sign_off: bool) -> Planned:
    """Plan a cascade. It goes out when its time has come and the transaction is committed.

    With `sign_off` every text in it must have been approved, and an urgent one then waits for a
    second person (`countersign`).
    Raises Refused when nobody would get it, when it holds nothing for somebody, or its time is
    over; NeedsAgain when the same version went to the same segments within a day.
    """
    # Two releases of one toolkit at once take turns, so that the second sees the first.
    session.execute(select(Toolkit.id).where(once.turn(wanted.toolkit)).with_for_update())
    _refuse_second_click(session, wanted)
    segments = named(session, wanted.segments)
    policy = tiers.policy(session, wanted.tier)
    audience = _audience(session, wanted, segments, policy)
    headcount = counted(audience)
    cascade, variants = _planned(session, wanted, policy, headcount, now, sign_off)
    cascade.look = {**frozen(session), **wanted.look}
    cascade.segment_titles = {one.name: one.title for one in segments}
    session.add(cascade)
    session.flush()
    keys = [variants[kind(one)] for one in audience.recipients]
    write(session, cascade, audience, keys, now)
    return described(cascade, headcount, variants)


def foresee(
    session: Session, wanted: Release, headcount: Headcount, now: datetime, *, sign_off: bool
) -> Planned:
    """What a release to an audience that was counted would come to; raises what it would raise."""
    policy = tiers.policy(session, wanted.tier)
    cascade, variants = _planned(session, wanted, policy, headcount, now, sign_off)
    return described(cascade, headcount, variants)


def examples(
    session: Session, wanted: Release, headcount: Headcount, now: datetime
) -> list[Example]:
    """Somebody for each variant of a release, approved or not; raises what a release would."""
    policy = tiers.policy(session, wanted.tier)
    _, variants = _planned(session, wanted, policy, headcount, now, sign_off=False)
    return one_of_each(headcount, variants)


def reached(session: Session, wanted: Release) -> Headcount:
    """Count exactly whom this release would reach; raises NotFound for an unknown segment."""
    policy = tiers.policy(session, wanted.tier)
    return looked_at(_audience(session, wanted, named(session, wanted.segments), policy))


def _audience(
    session: Session, wanted: Release, segments: Sequence[Segment], policy: Policy
) -> Audience:
    audience = resolve(session, segments, holding=holding(policy))
    if wanted.toolkit.kind == BULLETIN:
        once.leave_out(session, _versions(session, wanted), wanted.language, audience)
    return audience


def _versions(session: Session, wanted: Release) -> Mapping[str, ToolkitVersion]:
    return wanted.versions or languages(session, wanted.toolkit)


Variants = Mapping[Kind, VariantKey]
"""The variant of each recipient, by their segments, their language, and what they had before."""


def _planned(
    session: Session,
    wanted: Release,
    policy: Policy,
    headcount: Headcount,
    now: datetime,
    sign_off: bool,
) -> tuple[Cascade, Variants]:
    """The cascade and its variants, with everything refused that must not go out."""
    if sign_off and not wanted.by_clock:
        clearance.refuse_releaser(wanted.person)
    versions = _versions(session, wanted)
    own = versions[wanted.language]
    versions_by_id = {one.id: one for one in versions.values()}
    documents = {key: toolkits.parse(one.text) for key, one in versions_by_id.items()}
    cascade = _cascade(wanted, policy, own, documents[own.id].meta.expires, headcount, now)
    _refuse_repetition(session, cascade, wanted, now)
    variants = _variants(headcount, versions, own)
    _refuse_emptiness(cascade, variants.values(), documents)
    used = {version for version, *_ in variants.values()}
    expanding.shown(session, [documents[key] for key in used])
    if sign_off:
        _clear(session, cascade, wanted, [versions_by_id[key] for key in used], now)
    return cascade, variants


def _cascade(
    wanted: Release,
    policy: Policy,
    own: ToolkitVersion,
    expires: date | None,
    headcount: Headcount,
    now: datetime,
) -> Cascade:
    send_at = max(wanted.send_at or now, now)
    deadline_at = wanted.deadline_at or deadline(policy, send_at)
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
        request_key=wanted.request_key,
        released_at=now,
        send_at=send_at,
        deadline_at=deadline_at,
        expires_at=_end_of(expires),
        organisations=sum(headcount.organisations.values()),
        recipients=sum(headcount.recipients.values()),
        suppressed=headcount.suppressed,
        policy=tiers.frozen(policy),
    )


def _clear(
    session: Session,
    cascade: Cascade,
    wanted: Release,
    versions: Sequence[ToolkitVersion],
    now: datetime,
) -> None:
    """Refuse what isn't approved; let what is urgent wait for a second person."""
    clearance.refuse_unapproved(session, versions)
    alone = clearance.for_immediate_use(session, versions)
    if POLICIES[wanted.tier].two_people and not alone:
        cascade.state = CascadeState.AWAITING
        cascade.awaits_until = now + COUNTERSIGN_WITHIN


def deadline(policy: Policy, send_at: datetime) -> datetime | None:
    """When a tier asks to be confirmed by, None when it doesn't."""
    if policy.confirm_within is None:
        return None
    if policy.working_time:
        return after_working_time(send_at, policy.confirm_within)
    return send_at + policy.confirm_within


def _refuse_second_click(session: Session, wanted: Release) -> None:
    if wanted.request_key is not None:
        made = select(Cascade.id).where(Cascade.request_key == wanted.request_key)
        if cascade := session.scalar(made):
            raise Released(cascade)


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
            f"This version went to the same segments as cascade {same.id} on "
            f"{moment(same.released_at)}."
        )


def _variants(
    headcount: Headcount, versions: Mapping[str, ToolkitVersion], own: ToolkitVersion
) -> Variants:
    return {
        key: (
            once.version_for(language, versions, own).id,
            ",".join(sorted(segments)),
            ",".join(sorted(omits)),
        )
        for key in headcount.recipients
        for segments, language, omits in (key,)
    }


def _end_of(day: date | None) -> datetime | None:
    """A toolkit holds to the end of the day it names; the last day there is has none."""
    if day is None or day == date.max:
        return None
    return datetime.combine(day + timedelta(days=1), time(), LONDON)


def _refuse_emptiness(
    cascade: Cascade, variants: Iterable[VariantKey], documents: Mapping[int, toolkits.Document]
) -> None:
    if not cascade.recipients and (had := cascade.suppressed.get(once.NOTHING_NEW)):
        raise Refused(f"Nobody would get this: it has nothing new for any of {had} readers.")
    if not cascade.recipients:
        raise Refused(
            f"Nobody would get this: {cascade.organisations} organisations are in "
            f"{', '.join(cascade.segments)}, and none has a contact with an email address. "
            "Add or import contacts first."
        )
    if cascade.expires_at is not None and cascade.expires_at <= cascade.send_at:
        expires = documents[cascade.version_id].meta.expires
        raise Refused(
            f"The toolkit expires before the message goes out ({expires:%-d %B %Y}). "
            "Publish a version that expires later, or without that line."
        )
    for version_id, joined, omits in sorted(set(variants)):
        document, without = documents[version_id], omits.split(",")
        if not toolkits.select(document, joined.split(","), without=without):
            raise Refused(
                f"The toolkit has nothing to say to {joined.replace(',', ' and ')}. Write a "
                "section for them, or leave them out of the release."
            )
