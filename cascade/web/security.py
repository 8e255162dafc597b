"""What every answer says to the browser about scripts, frames, referrers, caches and robots."""

import re
import secrets
from base64 import b64encode
from hashlib import sha256

from flask import Response, g, request

from cascade.web.site import site

_YEAR = 365 * 24 * 3600
_POLICY = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "frame-src": "'self'",
    "img-src": "'self' data:",
    "style-src": "'self'",
}
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # Addresses hold tokens: they must not reach the sites that a message links to.
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}


def nonce() -> str:
    """This answer's permission for its own scripts, made when a template first asks for it."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def allow_pictures() -> None:
    """Let this answer show pictures from anywhere over https: toolkits may hold them."""
    g.pictures = True


def kept_policy(page: str, *, pictures: bool) -> str:
    """The policy of a page that is kept and sent to many: its own inline scripts by their hash,
    since a nonce that many are given is none."""
    inline = (sha256(one.encode()).digest() for one in _INLINE.findall(page))
    hashes = " ".join(f"'sha256-{b64encode(one).decode()}'" for one in inline)
    policy = _POLICY | {"script-src": hashes or "'none'"}
    if pictures:
        policy["img-src"] += " https:"
    return "; ".join(f"{name} {value}" for name, value in policy.items())


def protect(response: Response) -> Response:
    """Add every header that the view has not set itself."""
    response.headers.setdefault("Content-Security-Policy", _policy())
    for name, value in _HEADERS.items():
        if name not in response.headers and not (
            name == "Cache-Control" and request.endpoint == "static"
        ):
            response.headers[name] = value
    if site().is_https:
        response.headers["Strict-Transport-Security"] = f"max-age={_YEAR}; includeSubDomains"
    return response


def _policy() -> str:
    policy = _POLICY | {"script-src": f"'nonce-{g.nonce}'" if "nonce" in g else "'none'"}
    if "pictures" in g:
        policy["img-src"] += " https:"
    return "; ".join(f"{name} {value}" for name, value in policy.items())
