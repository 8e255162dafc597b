"""The page of a draft: its text, its problems at their lines, and what each segment gets of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request
from sqlalchemy.orm import Session

import toolkits
from cascade.accounts import users
from cascade.accounts.permissions import Permission
from cascade.audience.segments import known
from cascade.inserts import expanding
from cascade.library.diffs import source
from cascade.library.drafts import get
from cascade.library.keeping import DraftOvertaken
from cascade.library.placeholders import placeholders
from cascade.library.records import Draft, Toolkit, ToolkitVersion
from cascade.library.snippets import snippets
from cascade.sending.deadlines import LONDON
from cascade.sign_off import returns, standing
from cascade.web import access
from cascade.web.draft_forms import DraftForm
from cascade.web.previews import FORMAT_WORDS, LONGEST, choose, of_draft, previews
from cascade.web.site import site

_MOST_SHOWN = 200
_LONGEST_QUOTE = 100


@dataclass(frozen=True, slots=True)
class Found:
    """A problem with the beginning of the line that it is on."""

    problem: toolkits.Problem
    quote: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a text, as far as it is shown; None: it is too long to be checked here."""

    found: tuple[Found, ...] | None
    size: str = ""
    errors: int = 0
    others: int = 0
    more: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """The version that was last made of a draft, and whether the text is still the same."""

    version: int
    toolkit: str
    number: int
    state: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an approver wants mended before the text is submitted again."""

    by: str
    version: int
    number: int
    note: str
    comments: tuple[returns.Asked, ...]


def show(number: int, form: DraftForm | None = None, conflict: DraftOvertaken | None = None) -> str:
    """The editor; after a mistake with what was typed, beside the text that stands."""
    with site().database.reading() as session:
        draft = get(session, number)
        text = _typed(form) if form else draft.text
        sources = of_draft(session, draft)
        chosen = choose(session, request.values, sources)
        verdict, made = judge(session, text), _made(session, draft)
        wanted = _wanted(session, draft, text)
        names = users.names(session, [draft.changed_by])
    return render_template(
        "draft.html",
        draft=draft,
        saved_by=names.get(draft.changed_by, draft.changed_by),
        form=form or DraftForm(text=text),
        revision=conflict.revision if conflict else _revision(draft, text),
        conflict=conflict,
        difference=source(conflict.text, text) if conflict else (),
        verdict=verdict,
        is_mine=(seen := access.visitor()) is not None and draft.changed_by == seen.person.email,
        standing=made,
        wanted=wanted,
        chosen=chosen,
        format_words=FORMAT_WORDS,
        rows=previews(sources, chosen, site().clock()),
        snippets=snippets(),
        may_write=Permission.WRITE in access.permissions() and draft.closed_at is None,
    )


def judge(session: Session, text: str) -> Verdict:
    """Check a text against the segments there are."""
    if len(text) > LONGEST:
        return Verdict(None)
    document = toolkits.parse(text, site().settings.base_url)
    problems = toolkits.check(
        document,
        segments=known(session),
        today=site().clock().astimezone(LONDON).date(),
        inserts=expanding.known(session),
        examples=placeholders(),
    )
    errors = sum(one.level == "error" for one in problems)
    shown = tuple(_quoted(problems[:_MOST_SHOWN], text.splitlines()))
    return Verdict(
        shown, _size(document), errors, len(problems) - errors, len(problems) - len(shown)
    )


def _size(document: toolkits.Document) -> str:
    """How long the message is and how hard to read, as a line below it."""
    length = toolkits.measure(document)
    words = f"{length.words:,} {'word' if length.words == 1 else 'words'}"
    if length.age is None:
        return words
    aim = f"; aim for {toolkits.EASY}" if length.age > toolkits.EASY else ""
    return f"{words}, reading age about {length.age}{aim}"


def _quoted(problems: Sequence[toolkits.Problem], lines: Sequence[str]) -> list[Found]:
    return [
        Found(one, lines[one.line - 1][:_LONGEST_QUOTE] if one.line <= len(lines) else "")
        for one in problems
    ]


def _typed(form: DraftForm) -> str:
    """What stands in the editor, with the ends of lines that are kept: browsers send others."""
    return (form.text.data or "").replace("\r\n", "\n")


def _revision(draft: Draft, text: str) -> int | str:
    """What a text began from; what isn't kept stays with the revision that it was typed over."""
    return draft.revision if text == draft.text else request.form.get("revision", "")


def _made(session: Session, draft: Draft) -> Standing | None:
    if draft.version_id is None:
        return None
    version = session.get_one(ToolkitVersion, draft.version_id)
    toolkit = session.get_one(Toolkit, version.toolkit_id)
    signed = standing.standing(session, version.id)
    state = signed.state if signed else "published"
    return Standing(version.id, toolkit.name, version.number, state, version.text == draft.text)


def _wanted(session: Session, draft: Draft, text: str) -> Wanted | None:
    if draft.closed_at is not None or (found := returns.of_draft(session, draft)) is None:
        return None
    version, act = found.version, found.act
    name = users.names(session, [act.by]).get(act.by, act.by)
    return Wanted(name, version.id, version.number, act.note, returns.asked(found, text))
