"""What stands in a frame of our own pages: an email, or why there is none.

Whatever an email says, it runs nothing. A whole page is never let into a frame: where one would be
the answer, such as the one to sign in, the frame would stay empty, so it says what to do instead.
"""

from urllib.parse import urlsplit

from flask import Response, render_template, request

from cascade.web.site import site

# It loads pictures only, from this installation or over https, and opens links in the whole window.
_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; "
    "default-src 'none'; img-src data: https: {home}; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'"
)
_WHOLE_WINDOW = '<base target="_top">'


def is_asked() -> bool:
    """Whether the answer is for a frame of one of our own pages."""
    sent = request.headers
    return sent.get("Sec-Fetch-Dest") == "iframe" and sent.get("Sec-Fetch-Site") == "same-origin"


def framed(page: str) -> Response:
    """The HTML of an email with the policy of mail in a frame."""
    head, found, rest = page.partition("<head>")
    shown = f"{head}{found}{_WHOLE_WINDOW}{rest}" if found else _WHOLE_WINDOW + page
    answer = Response(shown, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = _POLICY.format(
        home=_origin(site().settings.base_url)
    )
    return answer


def instead(title: str, remedy: str, code: int) -> Response:
    """Why nothing is shown in the frame, and what to do."""
    answer = framed(render_template("framed-error.html", title=title, remedy=remedy))
    answer.status_code = code
    return answer


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
