"""What each segment gets of a text, side by side: for who writes it and who approves it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound as PageNotFound

import toolkits
from cascade.accounts.permissions import Permission
from cascade.audience.segments import titles
from cascade.inserts.expanding import Tables, of_text
from cascade.library.publish import languages
from cascade.library.records import BULLETIN, Draft, Toolkit, ToolkitVersion
from cascade.sending.preview import render
from cascade.sending.states import Tier
from cascade.web import access
from cascade.web.appearance import look
from cascade.web.frames import framed
from cascade.web.site import site
from cascade.web.tokens import ROW

FORMAT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "email": "Email",
        "text": "Plain text email",
        "sms": "Text message",
        "newsletter": "Newsletter copy",
        "social": "Social posts",
        "slides": "Slides",
    }
)
LONGEST = 200_000
"""Characters of a text that is shown side by side; longer ones take seconds for each segment."""
_MOST_COLUMNS = 6
_FIRST_COLUMNS = 2

pages = Blueprint("previews", __name__)
pages.before_request(access.require(Permission.SEE))


@dataclass(frozen=True, slots=True)
class Source:
    """A text in one language, and the address of its email (without the segments)."""

    language: str
    text: Callable[[], str]
    """Asked for when a form needs it; an email stands in a frame of its own."""
    length: int
    """Characters of the text."""
    email: Callable[[str], str]
    tables: Tables
    tier: Tier = Tier.IMPORTANT


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to be shown, out of what there is: `segments` and `languages` map to their words."""

    segments: tuple[str, ...]
    formats: tuple[str, ...]
    languages: tuple[str, ...]
    known_segments: Mapping[str, str]
    known_languages: tuple[str, ...]
    left_out: bool
    """More was asked for than stands side by side."""


@dataclass(frozen=True, slots=True)
class Pane:
    """What one segment gets in one form: `frame` is the address of an email, `text` the rest."""

    audience: str
    language: str
    direction: str
    frame: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One form of the message, as every chosen segment gets it."""

    words: str
    panes: tuple[Pane, ...]


def of_draft(session: Session, draft: Draft) -> tuple[Source, ...]:
    """A draft, and the newest versions of its toolkit in other languages."""
    meta = toolkits.parse(draft.text).meta
    own = Source(
        meta.language,
        lambda: draft.text,
        len(draft.text),
        lambda names: _address("draft", draft.id, names),
        of_text(session, draft.text),
    )
    return own, *_others(session, meta.toolkit, meta.language)


def of_version(session: Session, version: ToolkitVersion) -> tuple[Source, ...]:
    """A version, and the newest ones of its toolkit in other languages."""
    toolkit = session.get_one(Toolkit, version.toolkit_id)
    return _source(session, version), *_others(session, toolkit.name, version.language)


def choose(
    session: Session,
    asked: MultiDict[str, str],
    sources: Sequence[Source],
    meant: Sequence[str] = (),
) -> Chosen:
    """What an address asks for (`segment`, `format`, `language`, each several times).

    `meant`: the segments to begin with; otherwise those that the text names.
    """
    known = titles(session)
    spoken = tuple(dict.fromkeys(source.language for source in sources))
    named = meant or toolkits.parse(sources[0].text()).meta.segments
    first = [name for name in named if name in known] or list(known)
    segments = _of(asked, "segment", known) or tuple(first[:_FIRST_COLUMNS])
    voices = _of(asked, "language", spoken) or spoken[:1]
    fitting = max(1, _MOST_COLUMNS // len(voices))
    return Chosen(
        segments=segments[:fitting],
        formats=_of(asked, "format", FORMAT_WORDS) or ("email",),
        languages=voices[:_MOST_COLUMNS],
        known_segments=known,
        known_languages=spoken,
        left_out=len(segments) > fitting or len(voices) > _MOST_COLUMNS,
    )


def previews(sources: Sequence[Source], chosen: Chosen, now: datetime) -> tuple[Row, ...]:
    """A row for each chosen form; nothing when a text is too long to be shown here."""
    shown = [source for source in sources if source.language in chosen.languages]
    if any(source.length > LONGEST for source in shown):
        return ()
    # Where no segment is known yet, the one column is what everybody gets.
    names = chosen.segments or ("",)
    return tuple(
        Row(
            FORMAT_WORDS[form],
            tuple(
                _pane(source, name, form, chosen.known_segments, now)
                for name in names
                for source in shown
            ),
        )
        for form in chosen.formats
    )


@pages.get(f"/versions/<{ROW}:number>/preview/email")
def version_email(number: int) -> ResponseReturnValue:
    with site().database.reading() as session:
        version, called = session.get(ToolkitVersion, number), titles(session)
        tables = of_text(session, version.text) if version else ()
        tier = _tier(session, version) if version else Tier.IMPORTANT
    return _email(version, called, tables, tier)


@pages.get(f"/drafts/<{ROW}:number>/preview/email")
def draft_email(number: int) -> ResponseReturnValue:
    with site().database.reading() as session:
        draft, called = session.get(Draft, number), titles(session)
        tables = of_text(session, draft.text) if draft else ()
    return _email(draft, called, tables)


def _email(
    written: Draft | ToolkitVersion | None,
    called: Mapping[str, str],
    tables: Tables,
    tier: Tier = Tier.IMPORTANT,
) -> Response:
    """The email by itself, for a frame that may run nothing; `called`: segments in words."""
    if written is None or len(written.text) > LONGEST:
        raise PageNotFound
    names = frozenset(filter(None, request.args.get("segments", "").split(",")))
    return framed(_rendered(written.text, names, "email", called, site().clock(), tables, tier))


def _pane(source: Source, name: str, form: str, called: Mapping[str, str], now: datetime) -> Pane:
    audience = called.get(name, "Everybody")
    direction = toolkits.direction(source.language)
    if form == "email":
        return Pane(audience, source.language, direction, frame=source.email(name))
    names = frozenset(filter(None, [name]))
    said = _rendered(source.text(), names, form, called, now, source.tables, source.tier)
    return Pane(audience, source.language, direction, text=said.strip())


def _rendered(
    text: str,
    names: frozenset[str],
    form: str,
    called: Mapping[str, str],
    now: datetime,
    tables: Tables,
    tier: Tier,
) -> str:
    return render(
        text,
        names,
        form,
        now=now,
        home=site().settings.base_url,
        identity=look(),
        titles=called,
        tables=tables,
        tier=tier,
    )


def _tier(session: Session, version: ToolkitVersion) -> Tier:
    """What it is shown as: issues of bulletins never go out as anything but routine."""
    kind = session.scalar(select(Toolkit.kind).where(Toolkit.id == version.toolkit_id))
    return Tier.ROUTINE if kind == BULLETIN else Tier.IMPORTANT


def _others(session: Session, name: str, language: str) -> tuple[Source, ...]:
    toolkit = session.scalar(select(Toolkit).where(Toolkit.name == name))
    newest = languages(session, toolkit) if toolkit else {}
    return tuple(_source(session, one) for spoken, one in newest.items() if spoken != language)


def _source(session: Session, version: ToolkitVersion) -> Source:
    number = version.id
    return Source(
        version.language,
        lambda: version.text,
        len(version.text),
        lambda names: _address("version", number, names),
        of_text(session, version.text),
        _tier(session, version),
    )


def _address(kind: str, number: int, names: str) -> str:
    return url_for(f"previews.{kind}_email", number=number, segments=names or None)


def _of(
    asked: MultiDict[str, str], name: str, known: Mapping[str, str] | Sequence[str]
) -> tuple[str, ...]:
    wanted = set(asked.getlist(name))
    return tuple(one for one in known if one in wanted)
