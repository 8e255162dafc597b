"""`/reposts`: where toolkits were used, how we know, and the story of each report."""

from collections.abc import Iterator
from dataclasses import replace

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from cascade.accounts.permissions import Permission
from cascade.audience.segments import titles as segment_titles
from cascade.database import Database
from cascade.errors import NotFound
from cascade.reporting import spreadsheet
from cascade.reposts import listing as lists
from cascade.reposts.listing import Line, Wanted
from cascade.reposts.records import RepostPicture
from cascade.reposts.words import CHECKED, GRADE_MEANING, GRADES, WAYS
from cascade.web import access
from cascade.web.paging import page_number, row_number, typed
from cascade.web.repost_forms import WithdrawForm, chosen
from cascade.web.site import site
from cascade.web.tokens import ROW

_SIZE = 50
_SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
_HEADER = (
    *("number", "toolkit", "group", "kind", "email", "where", "used on", "people", "grade"),
    *("link", "words", "reported at", "reported by", "withdrawn at", "withdrawn because"),
)

pages = Blueprint("reposts", __name__)
pages.before_request(access.require(Permission.SEE_PEOPLE))


@pages.get("/reposts")
def listing() -> ResponseReturnValue:
    wanted = _wanted()
    with site().database.reading() as session:
        found = lists.listing(session, wanted, page=page_number(), size=_SIZE)
        titles, segments = lists.toolkits_of(session), segment_titles(session)
    return render_template(
        "reposts.html",
        found=found.page,
        older=found.older,
        searched=lists.SEARCHED,
        wanted=wanted,
        kept=_kept(wanted),
        titles=titles,
        segments=segments,
        grades=GRADES,
        meanings=GRADE_MEANING,
        ways=WAYS,
    )


@pages.get("/reposts.csv")
def export() -> ResponseReturnValue:
    """Everything that was searched for, newest first; no cell can become a formula."""
    answer = Response(_rows(site().database, replace(_wanted(), before=0)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=reposts.csv"
    return answer


@pages.get(f"/reposts/<{ROW}:number>")
def show(number: int) -> ResponseReturnValue:
    return story_page(number, WithdrawForm())


@pages.get(f"/reposts/<{ROW}:number>/picture")
def picture(number: int) -> ResponseReturnValue:
    """The picture that came with it; whatever is in it runs nothing."""
    with site().database.reading() as session:
        found = session.get(RepostPicture, number)
    if found is None:
        raise NotFound("There is no picture with this report.")
    answer = Response(found.content, mimetype=found.media_type)
    answer.headers["Content-Security-Policy"] = _SANDBOX
    answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return answer


def story_page(number: int, form: WithdrawForm) -> str:
    """One report with everything that came after; raises NotFound."""
    with site().database.reading() as session:
        story = lists.story(session, number)
    if story is None:
        raise NotFound("There is no such repost.")
    return render_template(
        "repost.html",
        story=story,
        one=story.line.repost,
        form=form,
        grades=GRADES,
        meanings=GRADE_MEANING,
        ways=WAYS,
        checked=CHECKED,
    )


def _wanted() -> Wanted:
    asked = request.args
    return Wanted(
        search=typed(),
        toolkit=typed("toolkit", 120),
        grade=chosen(asked.get("grade", ""), GRADES),
        way=chosen(asked.get("where", ""), WAYS),
        segment=typed("segment", 60),
        group=typed("group", 210),
        withdrawn=asked.get("withdrawn") == "yes",
        before=row_number("before"),
    )


def _kept(wanted: Wanted) -> dict[str, str]:
    """What was asked for, as it stands in addresses."""
    asked = {
        "search": wanted.search,
        "toolkit": wanted.toolkit,
        "grade": wanted.grade,
        "where": wanted.way,
        "segment": wanted.segment,
        "group": wanted.group,
        "withdrawn": "yes" if wanted.withdrawn else "",
        "before": str(wanted.before or ""),
    }
    return {name: value for name, value in asked.items() if value}


def _rows(database: Database, wanted: Wanted) -> Iterator[str]:
    # A transaction of its own: the answer is sent after the view has ended.
    with database.reading() as session:
        yield from spreadsheet.lines(_HEADER, map(_cells, lists.every(session, wanted)))


def _cells(line: Line) -> tuple[spreadsheet.Cell, ...]:
    one = line.repost
    return (
        *(one.id, line.toolkit, one.group_name, one.kind, one.email, one.way),
        *(one.used_on.isoformat(), one.people, one.grade, one.link, one.words),
        *(one.reported_at.isoformat(), one.reported_by),
        *(one.withdrawn_at.isoformat() if one.withdrawn_at else "", one.withdrawn_why),
    )
