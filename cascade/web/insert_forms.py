"""The forms of inserts."""

from collections.abc import Sequence

from werkzeug.datastructures import MultiDict
from wtforms import FileField, HiddenField
from wtforms.validators import DataRequired, Length

from cascade.inserts.keeping import LONGEST_NAME, LONGEST_TITLE
from cascade.inserts.reading import LONGEST_CELL
from cascade.web.account_forms import AccountForm, Line


class TableForm(AccountForm):
    """A file that an insert is to become."""

    file = FileField("File")


class NewTableForm(AccountForm):
    """A new insert; the name stands first, as on the page."""

    title = Line("Title", [DataRequired("Enter a title"), Length(max=LONGEST_TITLE)])
    name = Line("Short name", [DataRequired("Enter a short name"), Length(max=LONGEST_NAME)])
    file = FileField("File")


class RowForm(AccountForm):
    """A row; a field for each column is added when its table is known."""

    revision = HiddenField()

    @property
    def began_from(self) -> int:
        """The revision that the row was shown of; 0 for what is no number."""
        said = self.revision.data or ""
        return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 0


def row_form(
    columns: Sequence[str],
    posted: MultiDict[str, str] | None = None,
    cells: Sequence[str] = (),
) -> RowForm:
    """The form of a row of a table with these columns."""
    longest = Length(max=LONGEST_CELL, message=f"Use {LONGEST_CELL} characters at most")
    fields = {f"cell-{n}": Line(one, [longest]) for n, one in enumerate(columns, start=1)}
    made: type[RowForm] = type("RowForm", (RowForm,), fields)
    return made(posted, data=dict(zip(fields, cells, strict=False)))
