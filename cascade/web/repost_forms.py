"""The forms of takers and of who used a toolkit."""

from typing import Any

from flask import request
from wtforms import FileField, RadioField, TextAreaField
from wtforms.validators import Length

from cascade.reposts.taking import Asked
from cascade.reposts.using import LARGEST_PICTURE, Given
from cascade.reposts.words import WAYS
from cascade.web.account_forms import AccountForm, Line

_ROOM = Length(max=5_000)


class PublicForm(AccountForm):
    """A form without an account; who fills in what people don't see is no person."""

    website = Line("Leave this empty")

    @property
    def is_from_a_machine(self) -> bool:
        return bool(self.website.text)


class TakeForm(PublicForm):
    """Who wants a link of their own."""

    email = Line("Your email address", [_ROOM])
    name = Line("Your group or organisation", [_ROOM])

    def asked(self) -> Asked:
        return Asked(self.email.text, self.name.text)


class UsedForm(PublicForm):
    """Where, when and for whom something was used."""

    ways = WAYS

    group = Line("Your group or organisation", [_ROOM])
    email = Line("Your email address (optional)", [_ROOM])
    way = RadioField("Where did you use it?", validate_choice=False)
    link = Line("Address of the page (if there is one)", [_ROOM])
    used_on = Line("When?", [Length(max=40)])
    people = Line("About how many people did it reach? (optional)", [Length(max=40)])
    words = TextAreaField("Anything you want to tell us (optional)", [Length(max=20_000)])
    picture = FileField("A picture of it (optional)")

    def given(self) -> Given:
        return Given(
            group=self.group.text,
            email=self.email.text,
            way=self.way.data or "",
            used_on=self.used_on.text,
            people=self.people.text,
            link=self.link.text,
            words=self.words.data or "",
            picture=_file(),
        )


class WithdrawForm(AccountForm):
    """Why a report does not count any more."""

    why = Line("Why does it not count any more?", [Length(max=500)])


class TargetForm(AccountForm):
    """How much use of a toolkit is wanted."""

    groups = Line("Groups", [Length(max=40)])
    people = Line("People", [Length(max=40)])


def chosen(wanted: str, known: Any) -> str:
    """What an address asks for, if there is such a thing."""
    return wanted if wanted in known else ""


def _file() -> bytes | None:
    given = request.files.get("picture")
    if given is None or not given.filename:
        return None
    content: bytes = given.read(LARGEST_PICTURE + 1)
    return content
