"""The forms of the editor and of the library of files."""

from flask import request
from wtforms import FileField, StringField, TextAreaField
from wtforms.validators import Length

from cascade.library.assets import LONGEST_ALT
from cascade.web.account_forms import AccountForm

_LARGEST_NUMBER = 2**31 - 1


class DraftForm(AccountForm):
    """A text as it stands in the editor, and a word for who approves it."""

    text = TextAreaField("The toolkit, in Markdown")
    note = StringField("A note for who approves it (optional)", [Length(max=2_000)])


class AssetForm(AccountForm):
    """A picture or a PDF, and what is told to people who don't see it."""

    file = FileField("Picture or PDF")
    alt = StringField(
        "What the picture shows",
        [Length(max=LONGEST_ALT, message="The description must be 500 characters or less")],
    )


def began_from() -> int:
    """The revision that a sent text began from; 0, which none has, when that isn't a number."""
    given = request.form.get("revision", 0, type=int)
    return given if 0 < given <= _LARGEST_NUMBER else 0
