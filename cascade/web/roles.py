"""`/roles`: the table of roles and permissions, for everybody in the cell."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from cascade.accounts.permissions import (
    ALLOWED,
    NEEDS_SECOND_STEP,
    PERMISSION_WORDS,
    ROLE_WORDS,
    Permission,
)
from cascade.web import access

pages = Blueprint("roles", __name__)
pages.before_request(access.require(Permission.SEE))


@pages.get("/roles")
def show() -> ResponseReturnValue:
    return render_template(
        "roles.html",
        permission_words=PERMISSION_WORDS,
        roles=ROLE_WORDS,
        allowed=ALLOWED,
        needs_second_step=NEEDS_SECOND_STEP,
    )
