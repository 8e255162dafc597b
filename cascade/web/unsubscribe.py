"""`/u/<token>`: stop what can be stopped, by a mail program's one click (RFC 8058) or on a page."""

from dataclasses import dataclass
from functools import partial

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import Conflict, NotFound

from cascade.audience.records import Suppression
from cascade.audience.suppression import Reason, suppress, unsuppress
from cascade.sending.records import Cascade, Delivery
from cascade.sending.sample import NO_DELIVERY
from cascade.sending.states import POLICIES, Tier
from cascade.web.errors import not_found_by_link
from cascade.web.forms import UnsubscribeForm
from cascade.web.site import site
from cascade.web.stamps import Stamper
from cascade.web.tokens import delivery_of

_OWN_WISH: Reason = "unsubscribed"
_ONE_CLICK = ("List-Unsubscribe", "One-Click")

pages = Blueprint("unsubscribe", __name__)
pages.register_error_handler(404, partial(not_found_by_link, stops=True))


@dataclass(frozen=True, slots=True)
class _Subscription:
    address: str
    can_stop: bool
    stopped_by: str
    """Why the address is not written to; empty while it is."""

    @property
    def is_stopped(self) -> bool:
        return self.stopped_by == _OWN_WISH

    @property
    def is_blocked(self) -> bool:
        """It bounced or somebody complained: a press here must not undo that."""
        return self.stopped_by not in ("", _OWN_WISH)


@pages.get("/u/<token>")
def show(token: str) -> ResponseReturnValue:
    stamper = _stamper(token)
    if stamper.delivery == NO_DELIVERY:
        return render_template("tested.html")
    return _page(UnsubscribeForm.stamped(stamper), stamper.delivery)


@pages.post("/u/<token>")
def change(token: str) -> ResponseReturnValue:
    """The one click needs no page of ours before it, so it carries no stamp; the form does."""
    stamper = _stamper(token)
    if request.form.get(_ONE_CLICK[0]) == _ONE_CLICK[1]:
        _set(stamper.delivery, UnsubscribeForm.STOP)
        return Response("Unsubscribed.\n", mimetype="text/plain")
    form = UnsubscribeForm.stamped(stamper, request.form)
    if not form.validate():
        return _page(form, stamper.delivery), 422
    _set(stamper.delivery, str(form.choice.data))
    return redirect(url_for(".show", token=token), 303)


def _stamper(token: str) -> Stamper:
    return Stamper(site().links, delivery_of("unsubscribe", token), site().clock())


def _set(delivery: int, choice: str) -> None:
    with site().database.writing() as session:
        subscription = _subscription(session, delivery)
        if not subscription.can_stop:
            raise Conflict
        if choice == UnsubscribeForm.STOP:
            suppress(session, subscription.address, _OWN_WISH, now=site().clock())
        elif subscription.is_stopped:
            unsuppress(session, subscription.address)


def _subscription(session: Session, delivery: int) -> _Subscription:
    row = session.execute(
        select(Delivery.address, Cascade.tier)
        .join(Cascade, Cascade.id == Delivery.cascade_id)
        .where(Delivery.id == delivery)
    ).one_or_none()
    if row is None:
        raise NotFound
    return _Subscription(
        address=row.address,
        can_stop=POLICIES[Tier(row.tier)].can_unsubscribe,
        stopped_by=_reason(session, row.address),
    )


def _reason(session: Session, address: str) -> str:
    found = select(Suppression.reason).where(Suppression.email == address.lower())
    return session.scalar(found) or ""


def _page(form: UnsubscribeForm, delivery: int) -> str:
    with site().database.reading() as session:
        subscription = _subscription(session, delivery)
    return render_template("unsubscribe.html", subscription=subscription, form=form)
