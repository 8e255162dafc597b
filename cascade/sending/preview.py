"""What a toolkit looks like to somebody, before there is a cascade: made-up values in its slots."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

import toolkits
from cascade.audience.kinds import EXAMPLE_NAMES
from cascade.errors import BadInput
from cascade.identity import Identity
from cascade.sending import framing, layout
from cascade.sending.compose import mailed, page_values
from cascade.sending.content import cascade_values, content
from cascade.sending.facts import CascadeFacts
from cascade.sending.inserted import Inserted
from cascade.sending.slots import settle_text
from cascade.sending.states import POLICIES, Tier
from cascade.sending.words import organisation_words
from toolkits import EXAMPLES, Table, fill, text_value

EXAMPLE = Identity(
    sender="Cascade <cascade@example.org>",
    reply_to="cascade@example.org",
    bounce_domain="example.org",
    cell="Communications cell",
)
_BASE_URL = "https://cascade.example.org"
_UNKNOWN: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _House:
    """Where the installation is, whom its messages come from, and who is made up for its readers.

    `titles` names segments in words, `values` fills the slots.
    """

    home: str
    identity: Identity
    titles: Mapping[str, str]
    values: Mapping[str, str]
    tables: tuple[Table, ...]

    def filled(self, inserted: Inserted) -> Mapping[str, str]:
        """The values of all slots, those of tables for recipients among them."""
        return {**self.values, **inserted.values(self.values, example=True)}


def render(
    text: str,
    segments: frozenset[str],
    as_: str,
    *,
    now: datetime,
    language: str | None = None,
    home: str = _BASE_URL,
    identity: Identity = EXAMPLE,
    titles: Mapping[str, str] = _UNKNOWN,
    tables: tuple[Table, ...] = (),
    tier: Tier = Tier.IMPORTANT,
) -> str:
    """The toolkit as somebody in all these segments would get it, in one of FORMATS.

    Email and text are shown as in that tier, due in a day if it asks for anything. Raises BadInput
    when the text isn't in the language asked for. `home`: the address of the installation, for its
    pictures. `identity`: whom it would come from. `titles` names segments in words.
    `tables`: the inserts that it shows.
    """
    written_in = toolkits.parse(text).meta.language
    if language is not None and language.lower() != written_in.lower():
        raise BadInput(f"The file is in “{written_in}”, not in “{language}”.")
    due = None if POLICIES[tier].confirm_within is None else now + timedelta(days=1)
    facts = CascadeFacts(tier, due)
    house = _House(home, identity, titles, _values(segments, titles), tables)
    return _FORMATS[as_](text, segments, facts, house).rstrip() + "\n"


def _values(segments: frozenset[str], titles: Mapping[str, str]) -> Mapping[str, str]:
    names = [_organisation(name, titles) for name in sorted(segments)] or ["Example organisation"]
    return {**EXAMPLES, "organisation": organisation_words(names), "reference": "1F-K7Q2PA"}


def _organisation(segment: str, titles: Mapping[str, str]) -> str:
    """A made-up organisation of one of the first segments; any other stands for itself."""
    words = titles.get(segment) or segment.replace("-", " ").capitalize()
    return EXAMPLE_NAMES.get(segment, words)


def _html(text: str, segments: frozenset[str], facts: CascadeFacts, house: _House) -> str:
    said = content(text, segments, facts, house.identity, house.home, tables=house.tables)
    return fill(said.html, house.filled(said.inserted))


def _email(text: str, segments: frozenset[str], facts: CascadeFacts, house: _House) -> str:
    said = content(text, segments, facts, house.identity, house.home, tables=house.tables)
    audience = framing.audience(segments, house.titles)
    values = page_values(said, facts, house.identity, audience)
    return fill(layout.html_page(values), house.filled(mailed(said, values)))


def _text(text: str, segments: frozenset[str], facts: CascadeFacts, house: _House) -> str:
    said = content(text, segments, facts, house.identity, house.home, tables=house.tables)
    audience = framing.audience(segments, house.titles)
    page = layout.text_page(page_values(said, facts, house.identity, audience))
    return fill(page, house.filled(said.inserted), text_value)


def _sms(text: str, segments: frozenset[str], facts: CascadeFacts, house: _House) -> str:
    document = toolkits.expanded(toolkits.parse(text), house.tables)
    message = _finished(toolkits.sms(document, segments), document.meta, facts, house)
    size = toolkits.sms_size(message)
    return f"{message}\n\n({size.characters} characters, {size.parts} SMS, {size.encoding})"


def _newsletter(text: str, segments: frozenset[str], facts: CascadeFacts, house: _House) -> str:
    document = toolkits.expanded(toolkits.parse(text), house.tables)
    copy = toolkits.section_text(document, segments, "newsletter")
    return _finished(copy, document.meta, facts, house)


def _social(text: str, segments: frozenset[str], facts: CascadeFacts, house: _House) -> str:
    document = toolkits.expanded(toolkits.parse(text), house.tables)
    posts = [
        f"## {post.network} ({post.length} of {post.longest} characters)\n\n{post.text}"
        for post in toolkits.social(document, segments)
    ]
    return _finished("\n\n".join(posts), document.meta, facts, house)


def _slides(text: str, segments: frozenset[str], facts: CascadeFacts, house: _House) -> str:
    document = toolkits.expanded(toolkits.parse(text), house.tables)
    slides = "\n".join(map(_slide, toolkits.slides(document, segments)))
    return _finished(slides, document.meta, facts, house)


def _slide(slide: toolkits.Slide) -> str:
    points = "".join(f"- {point}\n" for point in slide.bullets)
    return f"# {slide.title}\n\n{points}" + (f"\n{slide.notes}\n" if slide.notes else "")


def _finished(marked: str, meta: toolkits.Meta, facts: CascadeFacts, house: _House) -> str:
    fixed = cascade_values(meta, facts, house.identity, house.home)
    return fill(settle_text(marked, fixed), house.values, text_value)


_FORMATS: Mapping[str, Callable[[str, frozenset[str], CascadeFacts, _House], str]] = (
    MappingProxyType(
        {
            "html": _html,
            "email": _email,
            "text": _text,
            "sms": _sms,
            "newsletter": _newsletter,
            "social": _social,
            "slides": _slides,
        }
    )
)
FORMATS = tuple(_FORMATS)
