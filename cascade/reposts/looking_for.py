"""What a toolkit says in public, in every version that anybody could have copied from."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

import toolkits
from cascade.identity import Identity
from cascade.library.records import Toolkit, ToolkitVersion
from cascade.reposts.recognising import Words
from cascade.shelf import visible
from cascade.shelf.values import finished_text, page_of, values

MOST_VERSIONS = 60
"""The newest ones, of all languages together."""


def wanted(
    session: Session, toolkit: Toolkit, identity: Identity, base_url: str, *, sign_off: bool
) -> tuple[Words, ...]:
    """Words of each approved version that was public, the newest first."""
    public = visible.audiences(session)
    versions = session.scalars(
        select(ToolkitVersion)
        .where(ToolkitVersion.toolkit_id == toolkit.id, visible.is_approved(sign_off))
        .order_by(ToolkitVersion.id.desc())
        .limit(MOST_VERSIONS)
    )
    found = []
    for one in versions:
        document = visible.stripped(toolkits.parse(one.text), public)
        if document.meta.public:
            found.append(_words(document, tuple(public), identity, base_url))
    # Versions often differ in a word or two only.
    return tuple(dict.fromkeys(found))


def places(toolkit: str, base_url: str) -> tuple[str, ...]:
    """Addresses that lead to the toolkit and to nothing else."""
    base = base_url.rstrip("/")
    return page_of(toolkit, base), f"{base}/embed/{toolkit}"


def _words(
    document: toolkits.Document, audiences: tuple[str, ...], identity: Identity, base_url: str
) -> Words:
    filled = values(document.meta, identity, base_url)
    messages = (finished_text(toolkits.plain(one), filled) for one in document.meta.key_messages)
    copies = (finished_text(one, filled) for one in _copies(document, audiences))
    return Words(tuple(messages), tuple(dict.fromkeys(one for one in copies if one)))


def _copies(document: toolkits.Document, audiences: tuple[str, ...]) -> Iterator[str]:
    """What is for newsletters, for everybody and for each audience; without any, the message."""
    every = [toolkits.section_text(document, [], "newsletter")]
    every += [toolkits.section_text(document, [one], "newsletter") for one in audiences]
    if any(every):
        yield from every
    else:
        yield toolkits.text(document, [])
