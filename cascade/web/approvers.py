"""`/settings/approvers`: who must approve what belongs to a campaign or a lead organisation."""

from types import MappingProxyType

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectField
from wtforms.validators import AnyOf, DataRequired, Length

from cascade.accounts import users
from cascade.accounts.acts import Act
from cascade.accounts.permissions import Permission
from cascade.errors import BadInput, NotFound, Refused
from cascade.sign_off import approvers
from cascade.sign_off.approvers import Named
from cascade.web import access
from cascade.web.account_forms import AccountForm, Line
from cascade.web.noting import note
from cascade.web.paging import page_number
from cascade.web.site import site
from cascade.web.tokens import ROW

SCOPE_WORDS = MappingProxyType({"campaign": "Campaign", "lead": "Lead organisation"})
_CHOOSE = "Choose an approver"

pages = Blueprint("approvers", __name__, url_prefix="/settings/approvers")
pages.before_request(access.require(Permission.ADMINISTER))


class ApproverForm(AccountForm):
    """Who is named for what."""

    choices = SCOPE_WORDS

    scope = RadioField(
        "What they approve for",
        [AnyOf(SCOPE_WORDS, "Choose what they approve for")],
        validate_choice=False,
    )
    name = Line("Its name", [DataRequired("Enter its name"), Length(max=300)])
    person = SelectField("Approver", [DataRequired(_CHOOSE)], validate_choice=False)

    def number(self) -> int:
        """The account's number; 0 for what is none."""
        chosen = self.person.data or ""
        return int(chosen) if chosen.isdecimal() and chosen.isascii() and len(chosen) < 18 else 0


@pages.get("")
def listing() -> ResponseReturnValue:
    return _page(ApproverForm())


@pages.post("")
def name() -> ResponseReturnValue:
    form = ApproverForm(request.form)
    if not form.validate():
        return _page(form), 422
    scope, said = form.scope.data, form.name.text
    try:
        with site().database.writing() as session:
            person = users.get(session, form.number())
            if approvers.name_approver(session, scope, said, person):
                after = {"scope": scope, "name": said}
                note(session, Act.APPROVER_NAMED, f"user {person.email}", after=after)
    except NotFound:
        form.blame("person", _CHOOSE)
        return _page(form), 422
    except Refused as error:
        form.blame("person", str(error))
        return _page(form), 422
    except BadInput as error:
        form.explain(error)
        return _page(form), 422
    return redirect(url_for(".listing"), 303)


@pages.post(f"/<{ROW}:number>/remove")
def remove(number: int) -> ResponseReturnValue:
    with site().database.writing() as session:
        removed = approvers.unname_approver(session, number)
        note(
            session, Act.APPROVER_REMOVED, f"user {removed.person.email}", before=_audited(removed)
        )
    return redirect(url_for(".listing"), 303)


def _audited(named: Named) -> dict[str, object]:
    return {"scope": named.row.scope, "name": named.row.name}


def _page(form: ApproverForm) -> str:
    with site().database.reading() as session:
        found = approvers.named_approvers(session, page=page_number())
        able = users.allowed(session, Permission.APPROVE)
    return render_template("approvers.html", form=form, found=found, able=able, scopes=SCOPE_WORDS)
