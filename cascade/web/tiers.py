"""`/settings/tiers`: the times of each tier, set for the releases to come."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cascade.accounts.acts import Act
from cascade.accounts.permissions import Permission
from cascade.errors import BadInput, NotFound
from cascade.sending import tiers
from cascade.sending.states import POLICIES, Policy, Tier
from cascade.web import access
from cascade.web.figures import span
from cascade.web.noting import note
from cascade.web.site import site
from cascade.web.tier_forms import TierForm

pages = Blueprint("tiers", __name__, url_prefix="/settings/tiers")
pages.before_request(access.require(Permission.ADMINISTER))


def said(policy: Policy) -> str:
    """The time to confirm in, as people read it."""
    if policy.confirm_within is None:
        return "not asked"
    words = length(policy.confirm_within)
    return f"{words} of working time" if policy.working_time else words


def length(of: timedelta) -> str:
    """`2 days`, where it is days; else hours and minutes."""
    if of.days and not of.seconds:
        return f"{of.days} days" if of.days > 1 else "24 hours"
    return span(of.total_seconds())


FILTERS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {"confirm_within": said, "length_words": length}
)


@pages.get("")
def listing() -> ResponseReturnValue:
    with site().database.reading() as session:
        every = tiers.policies(session)
    return render_template("tiers.html", every=every, defaults=POLICIES)


@pages.get("/<tier_name>")
def show(tier_name: str) -> ResponseReturnValue:
    tier = _tier(tier_name)
    return _page(tier, TierForm.of(_policy(tier)))


@pages.post("/<tier_name>")
def change(tier_name: str) -> ResponseReturnValue:
    tier, form = _tier(tier_name), TierForm(request.form)
    wanted = form.given(asks=POLICIES[tier].confirm_within is not None)
    if wanted is None:
        return _page(tier, form), 422
    try:
        with site().database.writing() as session:
            before = tiers.policy(session, tier)
            tiers.change(session, tier, wanted, by=access.person().email, now=site().clock())
            _note(session, tier, before)
    except BadInput as error:
        form.explain(error)
        return _page(tier, form), 422
    return redirect(url_for(".listing"), 303)


@pages.post("/<tier_name>/reset")
def reset(tier_name: str) -> ResponseReturnValue:
    """Put the tier back to its default."""
    tier = _tier(tier_name)
    with site().database.writing() as session:
        before = tiers.policy(session, tier)
        tiers.reset(session, tier)
        _note(session, tier, before)
    return redirect(url_for(".listing"), 303)


def _note(session: Session, tier: Tier, before: Policy) -> None:
    after = tiers.policy(session, tier)
    if after != before:
        note(session, Act.TIER_CHANGED, f"tier {tier}", _audited(before), _audited(after))


def _audited(policy: Policy) -> dict[str, str]:
    return {
        "confirm within": said(policy),
        "gives up after": length(policy.give_up_after),
        "late by more waits for a person": length(policy.tolerance),
    }


def _tier(name: str) -> Tier:
    try:
        return Tier(name)
    except ValueError:
        raise NotFound(f"There is no tier “{name}”.") from None


def _policy(tier: Tier) -> Policy:
    with site().database.reading() as session:
        return tiers.policy(session, tier)


def _page(tier: Tier, form: TierForm) -> str:
    return render_template(
        "tier.html", tier=tier, form=form, policy=_policy(tier), default=POLICIES[tier]
    )
