"""`/editions/…/as/…`: what one real reader would get of an issue that is still to go out."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from cascade.accounts.permissions import Permission
from cascade.bulletins import submitting
from cascade.bulletins.records import IssueState
from cascade.identity import Identity
from cascade.look.wearing import frozen, worn
from cascade.sending.sample import Message, Reader, message, reader
from cascade.web import access
from cascade.web.appearance import appearance
from cascade.web.frames import framed
from cascade.web.issues import found
from cascade.web.samples import page
from cascade.web.site import site
from cascade.web.tokens import ROW

pages = Blueprint(
    "issue_samples", __name__, url_prefix=f"/editions/<bulletin>/<{ROW}:number>/as/<{ROW}:contact>"
)
pages.before_request(access.require(Permission.RELEASE))
pages.before_request(access.require(Permission.SEE_PEOPLE))


@pages.get("")
def show(bulletin: str, number: int, contact: int) -> ResponseReturnValue:
    read = _read(bulletin, number, contact)
    if read is None:
        return _back(bulletin, number)
    to, identity = read
    return page(
        to,
        _message(to, identity),
        back=url_for("issue_release.check", bulletin=bulletin, number=number),
        frame=url_for("issue_samples.email", bulletin=bulletin, number=number, contact=contact),
    )


@pages.get("/email")
def email(bulletin: str, number: int, contact: int) -> ResponseReturnValue:
    """The email by itself, for a frame that may run nothing."""
    read = _read(bulletin, number, contact)
    if read is None:
        return _back(bulletin, number)
    return framed(_message(*read).html)


def _back(bulletin: str, number: int) -> ResponseReturnValue:
    return redirect(url_for("issues.show", bulletin=bulletin, number=number), 303)


def _read(bulletin: str, number: int, contact: int) -> tuple[Reader, Identity] | None:
    """The reader, and whom it comes from; None: nothing of this issue waits to go out."""
    with site().database.reading() as session:
        row, issue = found(session, bulletin, number)
        if issue.state != IssueState.SUBMITTED:
            return None
        wanted = submitting.waiting(session, row, issue, person=access.person())
        identity = worn(
            appearance().default, {**frozen(session), **wanted.look}, site().settings.base_url
        )
        return reader(session, wanted, contact, site().clock()), identity


def _message(to: Reader, identity: Identity) -> Message:
    return message(to, identity, site().settings.base_url, site().clock())
