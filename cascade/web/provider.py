"""`/sign-in/provider`: the way to the provider of sign-in, and back from it."""

from typing import TYPE_CHECKING

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.wrappers import Response

from cascade.accounts import linking
from cascade.accounts.linking import NotInvited
from cascade.accounts.signing_in import Blocked, NeedsCode, SignedIn
from cascade.config import Settings
from cascade.errors import NotVouched, Refused
from cascade.openid.registration import Registration
from cascade.openid.vouching import Vouched
from cascade.web import access, attempts, entrance
from cascade.web.attempts import Remembered
from cascade.web.provider_failing import failed, page
from cascade.web.site import site

if TYPE_CHECKING:
    from cascade.openid.provider import Provider


_BACK = "/sign-in/provider/answer"
_LINKED_ALREADY = "This account is linked already"

pages = Blueprint("provider", __name__)
pages.before_request(access.refuse_other_sites)


def configured(settings: Settings) -> "Provider | None":
    """The provider of the settings, if they name one."""
    secret = settings.oidc_client_secret
    if settings.oidc_issuer is None or secret is None:
        return None
    # Its libraries take a tenth of the memory of the whole, and few installations need them.
    from cascade.openid.provider import Provider

    return Provider(
        Registration(
            issuer=settings.oidc_issuer,
            client_id=settings.oidc_client_id or "",
            client_secret=secret.get_secret_value(),
            name=settings.oidc_name or "",
            redirect_uri=settings.base_url + _BACK,
            strong=settings.oidc_acr,
        )
    )


def there() -> "Provider":
    """The provider; without one there is no page."""
    found = site().provider
    if found is None:
        raise NotFound
    return found


@pages.get("/sign-in/provider")
def begin() -> ResponseReturnValue:
    """A link and no form: browsers hold a form's answer to `form-action`, which is this site."""
    provider, wanted = there(), access.local(request.args.get("next", ""))
    if access.visitor():
        return redirect(wanted, 303)
    try:
        address, attempt = provider.begin(site().clock())
    except NotVouched as error:
        return failed(error, provider.registration.name)
    return attempts.remember(redirect(address, 303), Remembered(attempt, wanted))


@pages.get(_BACK)
def answer() -> ResponseReturnValue:
    """Where the provider sends the browser back. The one GET that changes something: the standard
    has it so; it does for this browser only, once, with a code that only the provider makes."""
    provider, remembered = there(), attempts.remembered()
    if request.method != "GET":
        raise MethodNotAllowed(["GET"])
    try:
        if remembered is None:
            raise NotVouched("again", "this browser has begun nothing, or too long ago")
        vouched = provider.finish(remembered.attempt, request.args.to_dict(), site().clock())
    except NotVouched as error:
        return attempts.forget(failed(error, provider.registration.name))
    come = _come_in if remembered.link_for is None else _link
    return attempts.forget(come(vouched, remembered))


def _come_in(vouched: Vouched, remembered: Remembered) -> Response:
    with site().database.writing() as session:
        outcome = linking.sign_in(
            session,
            vouched,
            by=there().registration.name,
            now=site().clock(),
            **access.client(),
        )
    wanted = access.local(remembered.wanted)
    match outcome:
        case SignedIn(token):
            return access.enter(redirect(wanted, 303), token)
        case NeedsCode(pending):
            return entrance.ask_for_code(pending, wanted)
        case NotInvited():
            return make_response(render_template("provider-stranger.html", vouched=vouched), 403)
        case Blocked():
            raise entrance.too_many()


def _link(vouched: Vouched, remembered: Remembered) -> Response:
    here, name = access.visitor(), there().registration.name
    if here is None or here.person.id != remembered.link_for:
        return failed(NotVouched("again", "somebody else has begun this"), name)
    try:
        with site().database.writing() as session:
            linking.link(session, here.person.id, vouched, by=name, now=site().clock())
    except Refused as error:
        return page(409, _LINKED_ALREADY, str(error))
    return redirect(url_for("account.show"), 303)
