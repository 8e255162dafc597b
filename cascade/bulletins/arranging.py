"""What an editor does with the items of an issue. Each change says which one it began from."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import toolkits
from cascade.bulletins import collecting, issues
from cascade.bulletins.records import Bulletin, Issue, IssueEntry
from cascade.cleaning import one_line, several_lines
from cascade.errors import BadInput, NotFound
from toolkits import HEADINGS

HELD = ("next", "never")
_LONGEST_LEAD = 300
_LONGEST_NOTE = 4_000


def find(session: Session, issue: Issue, number: int) -> IssueEntry:
    """An entry of this issue; raises NotFound."""
    found = session.scalar(
        select(IssueEntry).where(IssueEntry.id == number, IssueEntry.issue_id == issue.id)
    )
    if found is None:
        raise NotFound(f"Issue {issue.number} has no item {number}.")
    return found


def shift(
    session: Session,
    issue: Issue,
    number: int,
    by_places: int,
    *,
    seen: int,
    by: str,
    now: datetime,
) -> None:
    """Move an item up (-1) or down (+1) among those below its heading; at the end it stays."""
    issues.edit(session, issue, seen=seen, by=by, now=now)
    entry = find(session, issue, number)
    beside = [
        one
        for one, _ in issues.entries(session, issue)
        if one.heading == entry.heading and one.held == entry.held
    ]
    place = beside.index(entry)
    other = place + by_places
    if 0 <= other < len(beside):
        beside[place], beside[other] = beside[other], beside[place]
        _number(beside)
    session.flush()


def arrange(
    session: Session,
    issue: Issue,
    order: Sequence[tuple[int, str]],
    *,
    seen: int,
    by: str,
    now: datetime,
) -> None:
    """Put items into this order, each below this heading; what is not named stays behind them."""
    issues.edit(session, issue, seen=seen, by=by, now=now)
    here = {one.id: one for one, _ in issues.entries(session, issue)}
    for number, heading in order:
        if number in here:
            here[number].heading = _heading(heading)
    named = [here[number] for number in dict.fromkeys(n for n, _ in order) if number in here]
    _number([*named, *(one for one in here.values() if one not in named)])
    session.flush()


def hold(
    session: Session, issue: Issue, number: int, until: str, *, seen: int, by: str, now: datetime
) -> None:
    """Keep an item back: `next` time, or `never`; with "" it is in again."""
    if until not in ("", *HELD):
        raise BadInput("That can't be done.", ["held: choose next or never"])
    issues.edit(session, issue, seen=seen, by=by, now=now)
    find(session, issue, number).held = until
    session.flush()


def detail(
    session: Session,
    issue: Issue,
    number: int,
    *,
    heading: str,
    note: str,
    whole: bool,
    asks: bool,
    seen: int,
    by: str,
    now: datetime,
) -> None:
    """Set what an item stands below, what its editor says of it, and how much of it there is."""
    kept = _note(note)
    chosen = _heading(heading)
    issues.edit(session, issue, seen=seen, by=by, now=now)
    entry = find(session, issue, number)
    entry.heading, entry.note, entry.whole, entry.asks = chosen, kept, whole, asks
    session.flush()


def introduce(
    session: Session, issue: Issue, *, lead: str, note: str, seen: int, by: str, now: datetime
) -> None:
    """Set the sentence that the issue begins with, and the editor's note for every reader."""
    sentence, kept = one_line(lead), _note(note)
    if len(sentence) > _LONGEST_LEAD:
        raise BadInput("Too long.", [f"lead: use {_LONGEST_LEAD} characters at most"])
    _refuse_flaws(sentence, "lead")
    issues.edit(session, issue, seen=seen, by=by, now=now)
    issue.lead, issue.note = sentence, kept
    session.flush()


def take_in(
    session: Session,
    bulletin: Bulletin,
    issue: Issue,
    toolkit: str,
    *,
    sign_off: bool,
    seen: int,
    by: str,
    now: datetime,
) -> IssueEntry:
    """Take a toolkit in by hand; raises BadInput at `toolkit`."""
    issues.edit(session, issue, seen=seen, by=by, now=now)
    return collecting.take_in(session, bulletin, issue, toolkit, sign_off=sign_off)


def _number(entries: Sequence[IssueEntry]) -> None:
    """Give these the places that they have together, in the order in which they come."""
    places = sorted(one.position for one in entries)
    # Two that came in at the same moment may have the same place.
    for count, (one, place) in enumerate(zip(entries, places, strict=True)):
        one.position = max(place, places[0] + count)


def _heading(heading: str) -> str:
    if heading not in HEADINGS:
        raise BadInput("That is no heading.", ["heading: choose one of the headings"])
    return heading


def _note(note: str) -> str:
    kept = several_lines(note)
    if len(kept) > _LONGEST_NOTE:
        raise BadInput("Too long.", [f"note: use {_LONGEST_NOTE:,} characters at most"])
    _refuse_flaws(kept, "note")
    return kept


def _refuse_flaws(text: str, field: str) -> None:
    """What would be a mistake in a toolkit is one here; fences would reach into other items."""
    document = toolkits.parse(f"---\ntitle: Note\n---\n{text}")
    found = [one for one in toolkits.check(document) if one.level == "error"]
    if found:
        said = f"{field}: line {found[0].line - 3}: {found[0].message}"
        raise BadInput("It can't be used.", [said])
    if any(one.channel or one.include is not None or one.part for one in document.sections):
        raise BadInput("It can't be used.", [f"{field}: leave out lines that begin with :::"])
