"""`/release/…`: a short path of pages: to whom, how urgent, when, a last look, and off it goes.

What is chosen travels in the address from page to page, so that going back loses nothing and
nothing is kept of a release that nobody made.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cascade.accounts.acts import Act
from cascade.accounts.permissions import Permission
from cascade.audience.segments import sizes, titles
from cascade.errors import CascadeError, NeedsAgain, Released
from cascade.library.publish import find, own
from cascade.library.records import Toolkit, ToolkitVersion
from cascade.sending import telling, tiers
from cascade.sending.plan import COUNTERSIGN_WITHIN, Release, foresee, release
from cascade.sending.planned import Planned
from cascade.sending.states import POLICIES, Policy, Tier
from cascade.sending.windows import upcoming
from cascade.sign_off import clearance
from cascade.web import access, release_choices, trial
from cascade.web.headcounts import reached
from cascade.web.lately import lately
from cascade.web.left_out import LEFT_OUT_WORDS
from cascade.web.noting import note
from cascade.web.release_choices import Choices, WhenForm
from cascade.web.site import site

HOLD = timedelta(seconds=30)
"""How long what is not urgent waits after it was released, so that it can be undone."""

pages = Blueprint("releasing", __name__, url_prefix="/release/<toolkit_name>")
pages.before_request(access.require(Permission.RELEASE))


@dataclass(frozen=True, slots=True)
class Checked:
    """A release before it is made: its numbers, or why it can't be made."""

    planned: Planned | None
    refused: str
    needs_again: bool
    missed: str = ""
    """Why a press on the last look released nothing although it can be released."""


@pages.get("")
def segments(toolkit_name: str) -> ResponseReturnValue:
    with site().database.reading() as session:
        toolkit, version = _toolkit(session, toolkit_name)
        found = lately("segments", lambda: sizes(session))
    return _page("release-segments.html", toolkit, version, found=found)


@pages.get("/tier")
def tier(toolkit_name: str) -> ResponseReturnValue:
    choices = _choices()
    with site().database.reading() as session:
        toolkit, version = _toolkit(session, toolkit_name)
        if not choices.segments:
            return _page(
                "release-segments.html",
                toolkit,
                version,
                found=lately("segments", lambda: sizes(session)),
                problem="Choose who gets this",
            ), 422
    return _page("release-tier.html", toolkit, version, tiers=_tiers())


@pages.get("/when")
def when(toolkit_name: str) -> ResponseReturnValue:
    choices = _choices()
    with site().database.reading() as session:
        toolkit, version = _toolkit(session, toolkit_name)
    if choices.tier is None:
        problem = "Choose how urgent this is"
        return _page("release-tier.html", toolkit, version, tiers=_tiers(), problem=problem), 422
    return _when_page(toolkit, version, WhenForm(request.args))


@pages.get("/check")
def check(toolkit_name: str) -> ResponseReturnValue:
    form = WhenForm(request.args)
    with site().database.reading() as session:
        toolkit, version = _toolkit(session, toolkit_name)
        choices = _choices()
        if choices.tier is None or not choices.segments:
            return redirect(url_for(".segments", toolkit_name=toolkit_name), 303)
        if not form.is_right(site().clock()):
            return _when_page(toolkit, version, form), 422
        checked = _check(session, toolkit, choices)
    return _check_page(toolkit, version, checked)


@pages.post("")
def make(toolkit_name: str) -> ResponseReturnValue:
    """Release it. A second click on the same page leads to the same cascade."""
    choices = release_choices.of(request.form, _window())
    with site().database.reading() as session:
        toolkit, version = _toolkit(session, toolkit_name)
    if choices.tier is None or not choices.segments or not choices.key:
        return redirect(url_for(".segments", toolkit_name=toolkit_name), 303)
    form = WhenForm(request.form)
    if not form.is_right(site().clock()):
        return _when_page(toolkit, version, form, choices), 422
    if choices.timing == "window":
        shown = choices.promised(site().clock())
        if shown is None:
            return _missed_page(toolkit, version, choices), 409
        choices = replace(choices, send_at=shown)
    try:
        with site().database.writing() as session:
            cascade = _release(session, find(session, toolkit_name), choices)
    except Released as made:
        cascade = made.cascade
    except CascadeError as error:
        refused = Checked(None, str(error), isinstance(error, NeedsAgain))
        return _check_page(toolkit, version, refused, choices), 409
    return redirect(url_for("cascades.show", number=cascade), 303)


@pages.post("/test")
def test(toolkit_name: str) -> ResponseReturnValue:
    """Send it to the person who asks, and to nobody else."""
    choices = release_choices.of(request.form, _window())
    if choices.tier is None or not choices.segments:
        return redirect(url_for(".segments", toolkit_name=toolkit_name), 303)
    with site().database.reading() as session:
        toolkit, version = _toolkit(session, toolkit_name)
    wanted = release_of(toolkit, choices, site().clock())
    try:
        with site().database.reading() as session:
            trials = trial.made(session, wanted, choices)
    except CascadeError as error:
        refused = Checked(None, str(error), needs_again=False)
        return _check_page(toolkit, version, refused, choices), 409
    with site().database.writing() as session:
        token = trial.send(session, version, trials)
    again = url_for(".check", toolkit_name=toolkit_name, tested=token, **choices.address())
    return redirect(again, 303)


def _release(session: Session, toolkit: Toolkit, choices: Choices) -> int:
    now, settings = site().clock(), site().settings
    wanted = release_of(toolkit, choices, now)
    sign_off = clearance.in_force(session, settings.sign_off)
    planned = release(session, wanted, now, sign_off=sign_off)
    assert planned.cascade is not None
    note(session, Act.RELEASED, f"cascade {planned.cascade}", after=choices.audited(toolkit.name))
    telling.tell(session, planned.cascade, settings.base_url, now)
    return planned.cascade


def release_of(toolkit: Toolkit, choices: Choices, now: datetime) -> Release:
    """What is asked for with these choices, a tier among them, by the person who is here."""
    assert choices.tier is not None
    person = access.person()
    hold = timedelta(0) if POLICIES[choices.tier].two_people else HOLD
    return Release(
        toolkit=toolkit,
        segments=choices.segments,
        tier=choices.tier,
        by=person.email,
        person=person,
        send_at=max(choices.send_at or now, now + hold),
        exercise=choices.exercise,
        again=choices.again,
        request_key=choices.key or None,
    )


def _check(session: Session, toolkit: Toolkit, choices: Choices) -> Checked:
    now = site().clock()
    sign_off = clearance.in_force(session, site().settings.sign_off)
    wanted = release_of(toolkit, choices, now)
    try:
        planned = foresee(session, wanted, reached(session, choices), now, sign_off=sign_off)
    except CascadeError as error:
        return Checked(None, str(error), isinstance(error, NeedsAgain))
    return Checked(planned, "", needs_again=False)


def _when_page(
    toolkit: Toolkit, version: ToolkitVersion, form: WhenForm, choices: Choices | None = None
) -> str:
    return _page(
        "release-when.html", toolkit, version, choices=choices, form=form, window=_window()
    )


def _missed_page(toolkit: Toolkit, version: ToolkitVersion, choices: Choices) -> str:
    """The last look once more, with the window that comes next."""
    with site().database.reading() as session:
        checked = _check(session, toolkit, choices)
    words = "The send window that was shown has passed. Look at the next one, then release it."
    return _check_page(toolkit, version, replace(checked, missed=words), choices)


def _check_page(
    toolkit: Toolkit,
    version: ToolkitVersion,
    checked: Checked,
    choices: Choices | None = None,
) -> str:
    with site().database.reading() as session:
        called = titles(session)
    return _page(
        "release-check.html",
        toolkit,
        version,
        choices=choices,
        checked=checked,
        key=secrets.token_urlsafe(32),
        hold=int(HOLD.total_seconds()),
        countersign_minutes=int(COUNTERSIGN_WITHIN.total_seconds() // 60),
        reasons=LEFT_OUT_WORDS,
        titles=called,
        most_tests=trial.MOST,
        tested=trial.sent(request.args.get("tested", "")),
    )


def _page(
    template: str,
    toolkit: Toolkit,
    version: ToolkitVersion,
    *,
    choices: Choices | None = None,
    **shown: object,
) -> str:
    return render_template(
        template, toolkit=toolkit, version=version, choices=choices or _choices(), **shown
    )


def _toolkit(session: Session, name: str) -> tuple[Toolkit, ToolkitVersion]:
    """The toolkit and its newest version in its own language."""
    toolkit = find(session, name)
    return toolkit, own(session, toolkit)


def _choices() -> Choices:
    return release_choices.of(request.args, _window())


def _window() -> datetime:
    with site().database.reading() as session:
        return upcoming(session, site().clock())


def _tiers() -> list[tuple[Tier, Policy]]:
    with site().database.reading() as session:
        return list(tiers.policies(session).items())
