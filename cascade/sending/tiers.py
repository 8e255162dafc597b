"""The policy of each tier as administrators have set it; a cascade keeps the one it began with."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from cascade import adjustments
from cascade.errors import BadInput
from cascade.sending.records import Cascade
from cascade.sending.states import POLICIES, Policy, Tier

SPANS = ("confirm_within", "give_up_after", "tolerance")
"""What can be set. Lane, unsubscribing and the second person are what makes the tier."""
_HOUR = timedelta(hours=1)
LIMITS = {
    "confirm_within": (timedelta(minutes=15), timedelta(days=14)),
    "give_up_after": (timedelta(minutes=30), timedelta(days=7)),
    "tolerance": (timedelta(minutes=5), timedelta(days=7)),
}
MOST_WORKING_TIME = 80 * _HOUR
"""Two weeks of working hours."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a tier is to be from the next release on."""

    confirm_within: timedelta | None
    working_time: bool
    give_up_after: timedelta
    tolerance: timedelta


def policy(session: Session, tier: Tier) -> Policy:
    """What the tier means for the next release."""
    return _adjusted(tier, adjustments.read(session, _name(tier)))


def policies(session: Session) -> dict[Tier, Policy]:
    """The same for every tier, most urgent first."""
    return {tier: policy(session, tier) for tier in POLICIES}


def change(session: Session, tier: Tier, wanted: Change, *, by: str, now: datetime) -> None:
    """Set it; raises BadInput with `field: what to do` for what is no sensible time."""
    problems = [*_problems(tier, wanted)]
    if problems:
        raise BadInput("Some of it can't be used.", problems)
    adjustments.put(session, _name(tier), _kept(wanted), by=by, now=now)


def reset(session: Session, tier: Tier) -> None:
    """Put the tier back to its default."""
    adjustments.reset(session, _name(tier))


def frozen(of: Policy) -> dict[str, float]:
    """What a cascade keeps of the policy it was released with; its deadline is a moment already."""
    return {name: getattr(of, name).total_seconds() for name in ("give_up_after", "tolerance")}


def give_up_after(tier: Tier, kept: Mapping[str, float] | None) -> timedelta:
    """How long a cascade's temporary refusals are tried again."""
    return _span(kept, "give_up_after") or POLICIES[tier].give_up_after


def tolerance(cascade: Cascade) -> timedelta:
    """How late a cascade may begin by itself."""
    return _span(cascade.policy, "tolerance") or POLICIES[Tier(cascade.tier)].tolerance


def _name(tier: Tier) -> str:
    return f"tier {tier.value}"


def _span(kept: Mapping[str, float] | None, name: str) -> timedelta | None:
    seconds = (kept or {}).get(name)
    return None if seconds is None else timedelta(seconds=seconds)


def _kept(wanted: Change) -> dict[str, Any]:
    spans = {name: getattr(wanted, name) for name in SPANS}
    seconds = {name: span and span.total_seconds() for name, span in spans.items()}
    return {**seconds, "working_time": wanted.working_time}


def _adjusted(tier: Tier, kept: Mapping[str, Any]) -> Policy:
    default = POLICIES[tier]
    return replace(
        default,
        confirm_within=_span(kept, "confirm_within") or default.confirm_within,
        working_time=kept.get("working_time", default.working_time),
        give_up_after=_span(kept, "give_up_after") or default.give_up_after,
        tolerance=_span(kept, "tolerance") or default.tolerance,
    )


def _problems(tier: Tier, wanted: Change) -> list[str]:
    found = []
    for name, (least, most) in LIMITS.items():
        span = getattr(wanted, name)
        if span is not None and not least <= span <= most:
            found.append(f"{name}: enter a time from {_said(least)} to {_said(most)}")
    asks = POLICIES[tier].confirm_within is not None
    if asks and wanted.confirm_within is None:
        found.append("confirm_within: enter the time to confirm in")
    if not asks and wanted.confirm_within is not None:
        found.append("confirm_within: this tier asks for no confirmation")
    too_long = wanted.confirm_within is not None and wanted.confirm_within > MOST_WORKING_TIME
    if wanted.working_time and too_long and not found:
        found.append("confirm_within: enter 80 working hours at most")
    return found


def _said(span: timedelta) -> str:
    return f"{span.days} days" if span.days else f"{span // timedelta(minutes=1)} minutes"
