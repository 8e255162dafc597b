"""The forms of sign-off and of countersigning."""

import re

from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length, ValidationError

from cascade.cleaning import cut
from cascade.sign_off.signing import Comment
from cascade.web.account_forms import AccountForm

# A sign with a digit right after it belongs to a time or a sum: 9.30 and 14:30 name no line.
_SIGN = r"\s*[:.)](?!\d)|\s*[-–—](?=\s)"
_COMMENT = re.compile(
    rf"(?:line\s+(\d{{1,9}})(?:{_SIGN}|(?=\s|$))|(\d{{1,9}})(?:{_SIGN}))\s*(.*)", re.IGNORECASE
)
_LIKE_ONE = re.compile(r"(?:line\s+)?\d", re.IGNORECASE)
_HOW = "“12: Which clinic?”"
_LONGEST = 4_000
_QUOTED = 60


class SubmitForm(AccountForm):
    """A word to who approves it."""

    note = TextAreaField("A note (optional)", [Length(max=_LONGEST)])


class ApproveForm(SubmitForm):
    """This very text may be released."""

    immediate_use = BooleanField("One person may release it urgently, without a second one")


class ReturnForm(AccountForm):
    """What is to be mended, in general and on lines of the text."""

    note = TextAreaField("What is to be mended", [Length(max=_LONGEST)])
    comments = TextAreaField("Comments on lines (optional)", [Length(max=20 * _LONGEST)])

    def validate_comments(self, field: TextAreaField) -> None:
        """A line that begins with a number and isn't understood is no part of another comment."""
        lines = [line.strip() for line in (field.data or "").splitlines() if line.strip()]
        for line in lines:
            if _LIKE_ONE.match(line) and not _COMMENT.fullmatch(line):
                raise ValidationError(
                    f"“{cut(line, _QUOTED)}” begins with a number: for a comment on a line write "
                    f"{_HOW}, and else begin with a word"
                )
        if lines and not _LIKE_ONE.match(lines[0]):
            raise ValidationError(f"Begin with the number of the line, as in {_HOW}")

    def given(self) -> list[Comment]:
        """The comments of a valid form; what begins with no number goes on with the one before."""
        found: list[Comment] = []
        for line in (self.comments.data or "").splitlines():
            match = _COMMENT.fullmatch(line.strip())
            if match:
                found.append(Comment(int(match[1] or match[2]), match[3]))
            elif found and line.strip():
                found[-1] = found[-1]._replace(text=f"{found[-1].text}\n{line.strip()}")
        return found
