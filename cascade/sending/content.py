"""What one variant says: every part as HTML and as text, with marks for the recipient's slots."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

from markupsafe import Markup

import toolkits
from cascade.identity import Identity
from cascade.sending.facts import CascadeFacts
from cascade.sending.inserted import Inserted
from cascade.sending.moments import moment
from cascade.sending.resolve import NOTHING
from cascade.sending.slots import settle_html, settle_text
from toolkits import Table, mark
from toolkits.slots import block, block_text


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a message in both forms; empty when the toolkit leaves it out."""

    html: Markup
    text: str

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class Content:
    """What somebody in these segments is told. Mail and web page are both made from it."""

    toolkit: str
    language: str
    direction: str
    title: Line
    key_messages: tuple[Line, ...]
    action: Line
    html: Markup
    text: str
    campaign: Line
    lead: Line
    spokesperson: Line
    contact: Line
    share_link: str
    items: tuple[str, ...]
    """Names of the items of an issue, in their order."""
    inserted: Inserted
    """The tables of the body that differ by recipient."""


@lru_cache(maxsize=64)
def content(
    text: str,
    segments: frozenset[str],
    facts: CascadeFacts,
    identity: Identity,
    base_url: str,
    without: frozenset[str] = NOTHING,
    tables: tuple[Table, ...] = (),
) -> Content:
    """What the toolkit says to somebody in all these segments; 20 ms the first time.

    `without`: items of an issue that they had before.
    """
    document, blocks = toolkits.with_blocks(toolkits.parse(text, base_url), tables)
    meta = document.meta
    fixed = cascade_values(meta, facts, identity, base_url)
    line = _liner(fixed)
    settle = partial(settle_html, fixed=fixed), partial(settle_text, fixed=fixed)
    return Content(
        toolkit=meta.toolkit,
        language=meta.language,
        direction=toolkits.direction(meta.language),
        title=line(meta.title),
        key_messages=tuple(filter(None, map(line, meta.key_messages))),
        action=line(meta.action),
        html=Markup(settle_html(toolkits.html(document, segments, without), fixed)),
        text=settle_text(_text(document, segments, without, blocks), fixed).strip(),
        campaign=line(meta.campaign),
        lead=line(meta.lead),
        spokesperson=line(meta.spokesperson),
        contact=line(meta.contact),
        share_link=meta.slots.get("share_link", ""),
        items=toolkits.items(document, segments, without=without),
        inserted=Inserted(document, blocks, settle),
    )


def _text(
    document: toolkits.Document,
    segments: frozenset[str],
    without: frozenset[str],
    blocks: tuple[toolkits.Block, ...],
) -> str:
    """The body as text; what stands in its blocks is another value than in HTML."""
    text = toolkits.text(document, segments, without)
    for one in blocks:
        text = text.replace(mark(block(one.number)), mark(block_text(one.number)))
    return text


def cascade_values(
    meta: toolkits.Meta, facts: CascadeFacts, identity: Identity, base_url: str
) -> Mapping[str, str]:
    """The slots that are the same for everybody; what is empty falls back to words."""
    values = {
        "tier": facts.tier.value,
        "deadline": moment(facts.deadline_at) if facts.deadline_at else "",
        "sender": identity.cell,
        "share_link": base_url,
        "campaign": toolkits.plain(meta.campaign),
        "title": toolkits.plain(meta.title),
        **meta.slots,
    }
    present = {name: value for name, value in values.items() if value}
    # A title may hold slots itself: they are settled before it fills others.
    return present | {"title": settle_text(present.get("title", ""), present | {"title": ""})}


def _liner(fixed: Mapping[str, str]) -> Callable[[str], Line]:
    def line(markdown: str) -> Line:
        return Line(
            Markup(settle_html(toolkits.inline(markdown), fixed)),
            settle_text(toolkits.plain(markdown), fixed),
        )

    return line
