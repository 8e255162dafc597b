"""`/audit`: who did what and when, on pages and as a table for a spreadsheet."""

import json
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from cascade.accounts import acts, audit
from cascade.accounts.permissions import Permission
from cascade.accounts.records import AuditEntry
from cascade.database import Database
from cascade.reporting import spreadsheet
from cascade.web import access
from cascade.web.paging import page_number, row_number, typed
from cascade.web.site import site
from cascade.web.subjects import places

_SIZE = 50
_HEADER = ("at", "by", "act", "subject", "before", "after", "address", "detail")

pages = Blueprint("audit", __name__)
pages.before_request(access.require(Permission.AUDIT))


@pages.get("/audit")
def listing() -> ResponseReturnValue:
    number, before, wanted = page_number(), row_number("before"), _wanted()
    with site().database.reading() as session:
        listed = audit.listing(session, page=number, size=_SIZE, before=before, **wanted)
        where = places(session, listed.page.lines)
    return render_template(
        "audit.html",
        found=listed.page,
        further=listed.further,
        before=before or None,
        most=audit.LOOKED_AT,
        places=where,
        acts=sorted(acts.WORDS.items(), key=lambda act: act[1]),
        wanted=wanted,
    )


@pages.get("/audit.csv")
def export() -> ResponseReturnValue:
    """Everything that was searched for, newest first; no cell can become a formula."""
    answer = Response(_lines(site().database, **_wanted()), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=audit.csv"
    return answer


def state_words(state: dict[str, Any] | None) -> str:
    """A state as words: `name: Jo; roles: author, viewer`."""
    return "; ".join(f"{name}: {_value(value)}" for name, value in (state or {}).items())


FILTERS: Mapping[str, Callable[..., str]] = MappingProxyType(
    {"act": acts.said, "state": state_words}
)


def _value(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _wanted() -> dict[str, str]:
    found = {name: typed(name) for name in ("search", "by", "act")}
    return found | {"act": found["act"] if found["act"] in acts.WORDS else ""}


def _lines(database: Database, **wanted: str) -> Iterator[str]:
    # A transaction of its own: the answer is sent after the view has ended.
    with database.reading() as session:
        yield from spreadsheet.lines(
            _HEADER, (_cells(entry) for entry in audit.every(session, **wanted))
        )


def _cells(entry: AuditEntry) -> tuple[str, ...]:
    return (
        entry.at.isoformat(),
        entry.by,
        entry.act,
        entry.subject,
        json.dumps(entry.before, ensure_ascii=False) if entry.before else "",
        json.dumps(entry.after, ensure_ascii=False) if entry.after else "",
        entry.address,
        entry.detail,
    )
