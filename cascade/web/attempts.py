"""One try to sign in by the provider, remembered by the browser that makes it, signed by us."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import timedelta

from flask import request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response

from cascade.openid.registration import Attempt
from cascade.web import access
from cascade.web.site import site

LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the try is, and what it's for."""

    attempt: Attempt
    wanted: str
    """The page to go on to."""
    link_for: int | None = None
    """Whose account is to be linked; None: somebody signs in."""


def remember(answer: Response, remembered: Remembered) -> Response:
    """Have the browser keep it, in place of an earlier one."""
    until = site().clock() + LASTS
    value = _serializer().dumps(asdict(remembered) | {"until": int(until.timestamp())})
    assert isinstance(value, str)
    return access.keep(answer, _cookie(), value, int(LASTS.total_seconds()))


def remembered() -> Remembered | None:
    """What this browser is trying; None when it's nothing of ours, or too long ago."""
    try:
        found = _serializer().loads(request.cookies.get(_cookie(), ""))
    except BadData:
        return None
    if found.pop("until") <= site().clock().timestamp():
        return None
    return Remembered(**(found | {"attempt": Attempt(**found["attempt"])}))


def forget(answer: Response) -> Response:
    """A try is good for one answer."""
    return access.keep(answer, _cookie(), "", 0)


def _cookie() -> str:
    return access.cookie_name("cascade-provider")


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(
        site().settings.secret,
        salt="cascade-provider",
        signer_kwargs={"digest_method": hashlib.sha256},
    )
