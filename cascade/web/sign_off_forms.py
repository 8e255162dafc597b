"""The forms of sign-off and of countersigning."""

import re

from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length

from cascade.sign_off.signing import Comment
from cascade.web.account_forms import AccountForm

_COMMENT = re.compile(r"\s*(?:line\s+)?(\d{1,9})\s*[:.)]\s*(.*)", re.IGNORECASE)
_LONGEST = 4_000


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

    def given(self) -> list[Comment]:
        """The comments; a line that begins with no number goes on with the comment before it."""
        found: list[Comment] = []
        for line in (self.comments.data or "").splitlines():
            match = _COMMENT.fullmatch(line)
            if match:
                found.append(Comment(int(match[1]), match[2]))
            elif found and line.strip():
                found[-1] = found[-1]._replace(text=f"{found[-1].text}\n{line.strip()}")
            elif line.strip():
                # Line 0 is not there: the stage says so, at this field, and nothing is lost.
                found.append(Comment(0, line.strip()))
        return found
