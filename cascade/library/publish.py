"""Publish a toolkit: a new immutable version, unless the text is the one that stands."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session, aliased

import toolkits
from cascade.errors import BadInput, NotFound
from cascade.library import indexing, uses
from cascade.library.placeholders import placeholders
from cascade.library.records import TOOLKIT, Toolkit, ToolkitVersion, VersionBulletin


def publish(
    session: Session,
    text: str,
    *,
    by: str,
    now: datetime,
    segments: tuple[str, ...] = (),
    home: str = "",
    kind: str = TOOLKIT,
    inserts: Mapping[str, tuple[str, ...]] | None = None,
) -> ToolkitVersion:
    """Keep the text as the newest version of its toolkit and language.

    The same text again gives the version that stands. A text with errors raises BadInput with
    a line for each; warnings and advice don't stop it. `segments`: the known ones, to check names;
    `home`: the address of the installation, whose pictures may be shown; `inserts`: the columns of
    the known tables by name. Raises BadInput, too, for the name of a bulletin, unless it is one
    (`kind`).
    """
    document = toolkits.parse(text, home)
    # What goes into an issue of a bulletin was published by itself before.
    examples = placeholders() if kind == TOOLKIT else ()
    found = toolkits.check(document, segments=segments, inserts=inserts, examples=examples)
    errors = [one for one in found if one.level == "error"]
    if errors:
        raise BadInput(
            "The toolkit has errors and was not published. Mend these lines and publish it again.",
            [f"line {one.line}: {one.message} ({one.code})" for one in errors],
        )
    toolkit = _toolkit(session, document.meta, now, kind)
    newest = latest(session, toolkit, document.meta.language)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    if newest is not None and newest.sha256 == sha256:
        return newest
    version = ToolkitVersion(
        toolkit_id=toolkit.id,
        language=document.meta.language,
        number=newest.number + 1 if newest else 1,
        title=document.meta.title,
        text=text,
        sha256=sha256,
        published_at=now,
        published_by=by,
    )
    session.add(version)
    session.flush()
    uses.of_version(session, version)
    facts = (version.id, toolkit.id, version.language, version.number, now)
    indexing.learn(session, indexing.Facts(*facts), document)
    session.add_all(
        VersionBulletin(version_id=version.id, bulletin=one)
        for one in dict.fromkeys(filter(None, document.meta.bulletins))
    )
    return version


def find(session: Session, name: str) -> Toolkit:
    """The toolkit of a name; raises NotFound that says how to see which there are."""
    toolkit = session.scalar(select(Toolkit).where(Toolkit.name == name, Toolkit.kind == TOOLKIT))
    if toolkit is None:
        raise NotFound(
            f"There is no toolkit called “{name}”. `cascade toolkit list` shows which there are."
        )
    return toolkit


def latest(session: Session, toolkit: Toolkit, language: str) -> ToolkitVersion | None:
    """The newest version in one language."""
    return session.scalar(_latest(toolkit, language))


def own(session: Session, toolkit: Toolkit) -> ToolkitVersion:
    """The newest version in the toolkit's own language, which there always is."""
    return session.scalars(_latest(toolkit, toolkit.language)).one()


def languages(session: Session, toolkit: Toolkit) -> dict[str, ToolkitVersion]:
    """The newest version in each language that the toolkit has."""
    versions = session.scalars(
        select(ToolkitVersion)
        .where(ToolkitVersion.toolkit_id == toolkit.id, is_newest())
        .order_by(ToolkitVersion.language)
    )
    return {version.language: version for version in versions}


def is_newest() -> ColumnElement[bool]:
    """Condition on versions: none in the language has come after it."""
    newer = aliased(ToolkitVersion)
    return ~exists().where(
        newer.toolkit_id == ToolkitVersion.toolkit_id,
        newer.language == ToolkitVersion.language,
        newer.number > ToolkitVersion.number,
    )


def _latest(toolkit: Toolkit, language: str) -> Select[ToolkitVersion]:
    return (
        select(ToolkitVersion)
        .where(ToolkitVersion.toolkit_id == toolkit.id, ToolkitVersion.language == language)
        .order_by(ToolkitVersion.number.desc())
        .limit(1)
    )


def _toolkit(session: Session, meta: toolkits.Meta, now: datetime, kind: str) -> Toolkit:
    toolkit = session.scalar(select(Toolkit).where(Toolkit.name == meta.toolkit))
    if toolkit is None:
        toolkit = Toolkit(
            name=meta.toolkit,
            title=meta.title,
            language=meta.language,
            created_at=now,
            kind=kind,
        )
        session.add(toolkit)
        session.flush()
    elif toolkit.kind != kind:
        raise BadInput(
            f"There is a {toolkit.kind} called “{meta.toolkit}”.",
            [f"line {meta.line('toolkit')}: choose another short name under “toolkit:”"],
        )
    elif toolkit.language == meta.language:
        toolkit.title = meta.title
    return toolkit
