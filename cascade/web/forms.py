"""The forms that recipients fill in; what is a good answer is decided where answers are kept."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Self

from werkzeug.datastructures import MultiDict
from wtforms import Form, SelectMultipleField, StringField, TextAreaField
from wtforms.meta import DefaultMeta
from wtforms.validators import AnyOf

from cascade.evidence.confirm import ANSWERS, PASSED_ON, Answer
from cascade.web.stamps import StampedCSRF, Stamper

_CHOOSE = "Choose what you are doing about this message"
_DIGITS = "Enter the number of staff in digits, such as 12"
_LONGEST_NUMBER = 9


class PageForm(Form):
    """A form whose problems a page shows."""

    def blame(self, field: str, problem: str) -> None:
        """Show a problem at a field, in front of what is known already."""
        self[field].errors = (problem, *self[field].errors)

    def problems(self) -> list[tuple[str, str]]:
        """The id of each field with a problem, and the problem, in the order of the page."""
        return [(field.id, field.errors[0]) for field in self if field.errors]


class StampedForm(PageForm):
    """A form with a stamp in it. Nothing is chosen or filled in beforehand."""

    class Meta(DefaultMeta):
        csrf = True
        csrf_class = StampedCSRF
        csrf_field_name = "stamp"

    @classmethod
    def stamped(cls, stamper: Stamper, posted: MultiDict[str, str] | None = None) -> Self:
        """The form, empty or with what was posted."""
        return cls(posted, meta={"csrf_context": stamper})


class ConfirmForm(StampedForm):
    """What somebody does about a message."""

    choices = ANSWERS
    answer = StringField()
    headcount = StringField("How many staff have you passed it on to?")
    name = StringField("Your name")
    role = StringField("Your role")
    comment = TextAreaField("Anything we should know (optional)")
    used = SelectMultipleField("I have used this", validate_choice=False, choices=[])

    def given(self) -> Answer:
        """The answer as it was filled in; a number that isn't one is shown as a problem."""
        answer = self.answer.data or ""
        return Answer(
            answer=answer,
            name=self.name.data or "",
            role=self.role.data or "",
            # The question is hidden with the other answers, so what stands in it isn't meant.
            headcount=self._headcount() if answer == PASSED_ON else None,
            comment=self.comment.data or "",
        )

    def explain(self, problems: Iterable[str]) -> None:
        """Show each problem (`field: what to do`) at its field."""
        for problem in problems:
            field, _, words = problem.partition(": ")
            self.blame(field, _CHOOSE if field == "answer" else words[:1].upper() + words[1:])

    def _headcount(self) -> int | None:
        digits = "".join((self.headcount.data or "").replace(",", "").split())
        if not digits:
            return None
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_NUMBER):
            self.blame("headcount", _DIGITS)
            return None
        return int(digits)


class UnsubscribeForm(StampedForm):
    """Whether routine messages are still wanted: a choice, so that no press alone decides."""

    STOP, KEEP = "stop", "keep"

    # The harmless one first: some programs try the first of what they find.
    choices = MappingProxyType({KEEP: "Keep sending them", STOP: "Stop sending them"})
    choice = StringField(validators=[AnyOf(choices, "Choose what we should do")])
