"""The forms of people with accounts; they carry no stamp of their own, the guard looks at it."""

from types import MappingProxyType
from typing import Any

from wtforms import HiddenField, PasswordField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from cascade.accounts.permissions import ROLE_WORDS
from cascade.errors import CascadeError
from cascade.web.forms import PageForm

# Published without the type for this: plain values, each its own label.
_ROLES: list[Any] = [role.value for role in ROLE_WORDS]


class Line(StringField):
    """A line of text, without the spaces around it."""

    @property
    def text(self) -> str:
        return (self.data or "").strip()


class AccountForm(PageForm):
    """A form that shows what a stage says about its fields."""

    def explain(self, error: CascadeError) -> None:
        """Show each problem (`field: what to do`) at its field, anything else at the first one
        that is seen."""
        first = next(field for field in self if not isinstance(field, HiddenField))
        problems = getattr(error, "problems", ()) or (str(error),)
        for problem in problems:
            field, found, words = problem.partition(": ")
            if found and field in self:
                self.blame(field, words[:1].upper() + words[1:])
            else:
                self.blame(first.short_name, problem)


class EmailForm(AccountForm):
    """Who has forgotten their password."""

    email = Line("Email address", [DataRequired("Enter an email address"), Length(max=320)])


class SignInForm(EmailForm):
    """Who comes in."""

    password = PasswordField("Password", [InputRequired("Enter your password")])


class CodeForm(AccountForm):
    """The second step."""

    code = Line("Code", [DataRequired("Enter the code"), Length(max=40)])


class NewPasswordForm(AccountForm):
    """The first password, or the next."""

    password = PasswordField("New password", [InputRequired("Enter a new password")])


class ProofForm(AccountForm):
    """The password once more, before something that protects the account is changed."""

    old = PasswordField("Your password", [InputRequired("Enter your password")])


class ChangePasswordForm(ProofForm, NewPasswordForm):
    """Another password, by who knows the one there is; that one stands first, as on the page."""


class PersonForm(AccountForm):
    """What an administrator may change about somebody."""

    choices = MappingProxyType({str(role): words for role, words in ROLE_WORDS.items()})

    name = Line("Name", [DataRequired("Enter a name"), Length(max=200)])
    organisation = Line("Organisation (optional)", [Length(max=200)])
    roles = SelectMultipleField(
        "Roles",
        [DataRequired("Choose at least one role")],
        choices=_ROLES,
    )


class InviteForm(EmailForm, PersonForm):
    """Somebody new; the address stands first, as on the page."""
