"""`/reposts/of/<toolkit>`: what became of one toolkit, against its target."""

from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cascade.accounts.acts import Act
from cascade.accounts.permissions import Permission
from cascade.errors import BadInput
from cascade.library.publish import find
from cascade.reposts import rolling_up
from cascade.reposts.by_segment import by_segment
from cascade.reposts.words import GRADE_MEANING, GRADES, TARGETS
from cascade.web import access
from cascade.web.lately import lately
from cascade.web.noting import note
from cascade.web.repost_forms import TargetForm
from cascade.web.site import site

pages = Blueprint("repost_figures", __name__)


@pages.before_request
def _guard() -> ResponseReturnValue | None:
    asking = request.method in access.ASKING
    return access.require(Permission.SEE_PEOPLE if asking else Permission.EDIT_PEOPLE)()


@pages.get("/reposts/of/<toolkit_name>")
def show(toolkit_name: str) -> ResponseReturnValue:
    return _page(toolkit_name)


@pages.post("/reposts/of/<toolkit_name>")
def target(toolkit_name: str) -> ResponseReturnValue:
    """Set how much use is wanted."""
    form = TargetForm(request.form)
    if not form.validate():
        return _page(toolkit_name, form), 422
    try:
        with site().database.writing() as session:
            toolkit = find(session, toolkit_name)
            changed = {
                what: rolling_up.set_target(session, toolkit.id, what, form[what].data or "")
                for what in TARGETS
            }
            before = {what: one for what, (one, _) in changed.items()}
            after = {what: one for what, (_, one) in changed.items()}
            if before != after:
                note(session, Act.TARGET_SET, f"toolkit {toolkit_name}", before, after)
    except BadInput as error:
        form.explain(error)
        return _page(toolkit_name, form), 422
    return redirect(url_for(".show", toolkit_name=toolkit_name), 303)


def _page(name: str, form: TargetForm | None = None) -> str:
    with site().database.reading() as session:
        toolkit = find(session, name)
        counted = f"reposts of toolkit {toolkit.id} by segment"
        segments = lately(counted, partial(by_segment, session, toolkit.id))
        found = rolling_up.summary(session, toolkit.id, segments)
        sites = rolling_up.sites(session, toolkit.id)
        taken, takers = rolling_up.takers(session, toolkit.id)
    wanted = {one.what: f"{one.wanted}" for one in found.targets}
    return render_template(
        "repost-figures.html",
        toolkit=toolkit,
        found=found,
        sites=sites,
        taken=taken,
        takers=takers,
        form=form or TargetForm(data=wanted),
        grades=GRADES,
        meanings=GRADE_MEANING,
        targets=TARGETS,
    )
