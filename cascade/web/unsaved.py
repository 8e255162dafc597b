"""When a text could not be taken: it is given back, so that an ended visit loses nothing."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import render_template, request, url_for
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from cascade.web import access

_WRITING = frozenset({"drafts.save", "drafts.autosave", "drafts.submit"})
TOO_LARGE: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            _WRITING,
            "A toolkit has two million characters at most. Go back: your text is still there. "
            "Divide it, then save.",
        ),
        "look.change": "A logo must be 200 kB or smaller. Make it smaller, then save again.",
        **dict.fromkeys(
            ("using.send", "using.send_own", "repost_changes.add"),
            "A picture must be 5 MB or smaller. Go back: what you typed is still there. Make the "
            "picture smaller, or leave it out, then send it again.",
        ),
        "assets.upload": "A file must be 10 MB or smaller. Make it smaller, then upload it again.",
    }
)
"""What to do when more was sent than an address takes."""


def page(error: HTTPException) -> str | None:
    """The text that was sent, on a page to copy it from; None when it was no text."""
    if request.endpoint not in _WRITING:
        return None
    try:
        text = request.form.get("text", "")
    except RequestEntityTooLarge:
        return None
    if not text.strip():
        return None
    number = (request.view_args or {}).get("number")
    return render_template(
        "unsaved.html", text=text, reason=_reason(error), back=url_for("drafts.edit", number=number)
    )


def _reason(error: HTTPException) -> str:
    if isinstance(error, access.NotSignedIn):
        return "You are not signed in any more."
    if isinstance(error, access.NotAllowed):
        return "Your role does not allow you to write."
    return "The page was opened before you signed in, or is from somewhere else."
