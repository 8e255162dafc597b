"""An email as an answer by itself, for a frame: whatever it says, it runs nothing."""

from flask import Response

# It loads pictures only, and opens links in the whole window.
_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; "
    "default-src 'none'; img-src data: https:; style-src 'unsafe-inline'; frame-ancestors 'self'"
)
_WHOLE_WINDOW = '<base target="_top">'


def framed(page: str) -> Response:
    """The HTML of an email with the policy of mail in a frame."""
    head, found, rest = page.partition("<head>")
    shown = f"{head}{found}{_WHOLE_WINDOW}{rest}" if found else _WHOLE_WINDOW + page
    answer = Response(shown, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = _POLICY
    return answer
