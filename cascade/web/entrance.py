"""`/sign-in`, its second step, and `/sign-out`."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from cascade.accounts import links, signing_in, throttling, visits
from cascade.accounts.acts import Act
from cascade.accounts.signing_in import Blocked, Expired, Judged, NeedsCode, Rejected, SignedIn
from cascade.web import access
from cascade.web.account_forms import CodeForm, SignInForm
from cascade.web.noting import note_own
from cascade.web.site import site

_WRONG = "The email address or the password is not right"
_WRONG_CODE = "This code is not right, or it has been used already"
_CODE_FOR = 600  # seconds; the link behind it runs out by itself

pages = Blueprint("entrance", __name__)
pages.before_request(access.refuse_other_sites)


@pages.get("/sign-in")
def show() -> ResponseReturnValue:
    if access.visitor():
        return redirect(_next(), 303)
    return _page(SignInForm())


@pages.post("/sign-in")
def sign_in() -> ResponseReturnValue:
    """One answer for all that can be wrong: it tells nobody who has an account."""
    form = SignInForm(request.form)
    if not form.validate():
        return _page(form), 422
    now, client = site().clock(), access.client()
    judged = tried(form.email.text, form.password.data or "", address=client["address"])
    with site().database.writing() as session:
        outcome = signing_in.sign_in(session, judged, now=now, **client)
    match outcome:
        case SignedIn(token):
            return access.enter(redirect(_next(), 303), token)
        case NeedsCode(pending):
            return ask_for_code(pending, request.args.get("next"))
        case Rejected():
            form.blame("email", _WRONG)
            return _page(form), 422


@pages.get("/sign-in/code")
def show_code() -> ResponseReturnValue:
    with site().database.reading() as session:
        known = links.peek(session, "code", _pending(), site().clock())
    return _code_page(CodeForm()) if known else _from_the_start()


@pages.post("/sign-in/code")
def give_code() -> ResponseReturnValue:
    form = CodeForm(request.form)
    if not form.validate():
        return _code_page(form), 422
    with site().database.writing() as session:
        outcome = signing_in.give_code(
            session,
            pending=_pending(),
            code=form.code.text,
            now=site().clock(),
            **access.client(),
        )
    match outcome:
        case SignedIn(token):
            return _forget_pending(access.enter(redirect(_next(), 303), token))
        case Rejected():
            form.blame("code", _WRONG_CODE)
            return _code_page(form), 422
        case Expired():
            return _from_the_start()
        case Blocked():
            raise too_many()


@pages.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this browser's visit, at the server too."""
    here = access.here()
    access.check_stamp()
    with site().database.writing() as session:
        visits.end(session, here.visit_id, site().clock())
        note_own(session, Act.SIGNED_OUT)
    return access.leave(redirect(url_for(".show"), 303))


def tried(email: str, password: str, *, address: str | None = None) -> Judged:
    """A try of a password, counted and judged; no transaction is open while it is hashed."""
    with site().database.writing() as session:
        counted = signing_in.begin(session, email, site().clock(), address=address)
    if isinstance(counted, Blocked):
        raise too_many()
    return signing_in.judge(counted, password)


def ask_for_code(pending: str, wanted: str | None = None) -> Response:
    """Go on to the second step; the token of the first is kept by the browser, in no address."""
    answer = redirect(url_for("entrance.show_code", next=wanted), 303)
    return access.keep(answer, _pending_cookie(), pending, _CODE_FOR)


def too_many() -> TooManyRequests:
    """The error for who has failed too often; it says when to come again."""
    return TooManyRequests(retry_after=int(throttling.WINDOW.total_seconds()))


def _next() -> str:
    return access.local(request.args.get("next", ""))


def _page(form: SignInForm) -> str:
    return render_template("sign-in.html", form=form)


def _code_page(form: CodeForm) -> str:
    return render_template("sign-in-code.html", form=form)


def _pending() -> str:
    return request.cookies.get(_pending_cookie(), "")


def _pending_cookie() -> str:
    return access.cookie_name("cascade-code")


def _from_the_start() -> Response:
    return _forget_pending(redirect(url_for(".show", next=request.args.get("next")), 303))


def _forget_pending(answer: Response) -> Response:
    return access.keep(answer, _pending_cookie(), "", 0)
