"""An email as an answer by itself, for a frame: whatever it says, it runs nothing."""

from urllib.parse import urlsplit

from flask import Response

from cascade.web.site import site

# It loads pictures only, from this installation or over https, and opens links in the whole window.
_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; "
    "default-src 'none'; img-src data: https: {home}; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'"
)
_WHOLE_WINDOW = '<base target="_top">'


def framed(page: str) -> Response:
    """The HTML of an email with the policy of mail in a frame."""
    head, found, rest = page.partition("<head>")
    shown = f"{head}{found}{_WHOLE_WINDOW}{rest}" if found else _WHOLE_WINDOW + page
    answer = Response(shown, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = _POLICY.format(
        home=_origin(site().settings.base_url)
    )
    return answer


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
