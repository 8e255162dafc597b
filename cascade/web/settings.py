"""`/settings`: the way to everything that an administrator sets up or looks after."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from cascade.accounts.permissions import Permission
from cascade.web import access

PLACES = (
    ("users.listing", "Users", "Who works here: invite, change, close", Permission.ADMINISTER),
    ("roles.show", "Roles", "What each role may do", Permission.SEE),
    (
        "approvers.listing",
        "Approvers",
        "Who must approve for a campaign or a lead organisation",
        Permission.ADMINISTER,
    ),
    (
        "tiers.listing",
        "Tiers",
        "How soon each asks to be confirmed, and how long it is tried",
        Permission.ADMINISTER,
    ),
    (
        "windows.show",
        "Send windows",
        "When what waits for the next window goes out",
        Permission.ADMINISTER,
    ),
    (
        "look.show",
        "Sender and look",
        "Name, sender, colour and logo of the cell",
        Permission.ADMINISTER,
    ),
    ("audit.listing", "Audit trail", "Who did what, and when", Permission.AUDIT),
    (
        "health_page.show",
        "Health",
        "Workers, clock, queue and mail server, and what to do when one fails",
        Permission.SEE,
    ),
    (
        "suppressions.show",
        "Suppression list",
        "Addresses that are not written to, and why",
        Permission.SEE_PEOPLE,
    ),
)
"""Endpoint, name, what it is for, who may open it: in the order of the page and of its menu."""

pages = Blueprint("settings", __name__)
pages.before_request(access.require(Permission.ADMINISTER))


@pages.get("/settings")
def show() -> ResponseReturnValue:
    return render_template("settings.html")
