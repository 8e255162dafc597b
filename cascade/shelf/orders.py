"""What a kit is made of: a version as anybody may see it, an audience, and who reposts it."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

import toolkits
from cascade.identity import Identity
from cascade.library.records import Asset
from cascade.look.records import Logo
from cascade.shelf.brands import Brand
from cascade.shelf.values import finished_html, finished_text, page_of, values
from cascade.shelf.visible import Shown

USUAL_COLOUR = "#005eb8"
_MOST_PICTURES = 20


@dataclass(frozen=True)
class Order:
    """One kit: everything that its pieces are made from."""

    shown: Shown
    audience: str
    """The name of a public segment; empty: nobody in particular."""
    identity: Identity
    home: str
    brand: Brand = Brand()
    pictures: Mapping[str, tuple[str, bytes]] = field(default_factory=lambda: MappingProxyType({}))
    """Media type and bytes of our own pictures, by the address that the text has for them."""
    logo: bytes | None = None
    """Of the cell."""

    @cached_property
    def document(self) -> toolkits.Document:
        return self.shown.document

    @cached_property
    def segments(self) -> tuple[str, ...]:
        return (self.audience,) if self.audience else ()

    @cached_property
    def page(self) -> str:
        """Where the library has it."""
        return page_of(self.shown.toolkit, self.home)

    @cached_property
    def colour(self) -> str:
        return self.identity.colour or USUAL_COLOUR

    @cached_property
    def title(self) -> str:
        """As plain text, slots filled."""
        return self.text(toolkits.plain(self.document.meta.title)) or self.shown.toolkit

    @cached_property
    def is_english(self) -> bool:
        return self.shown.language.lower().split("-")[0] == "en"

    @cached_property
    def key(self) -> str:
        """What its pieces depend on, as a hash; the same key is the same bytes."""
        parts = (
            (self.shown.number, self.shown.published_at, self.audience, self.home, self.page),
            (self.document.meta, [_said(one) for one in self.document.sections]),
            (self.identity.cell, self.colour, self.identity.logo),
            (self.brand.group, self.brand.contact, self.brand.site),
            hashlib.sha256(self.brand.logo or b"").hexdigest(),
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    @cached_property
    def _values(self) -> Mapping[str, str]:
        return values(self.document.meta, self.identity, self.home)

    def html(self, marked: str) -> str:
        """Marked HTML with every slot filled."""
        return finished_html(marked, self._values)

    def text(self, marked: str) -> str:
        """Marked text with every slot filled."""
        return finished_text(marked, self._values)


def _said(section: toolkits.Section) -> tuple[object, ...]:
    """A section with its segments in an order that is always the same."""
    return section.channel, sorted(section.include or ()), sorted(section.exclude), section.markdown


def day_words(day: date | None) -> str:
    """`31 March 2027`; nothing for no day."""
    return f"{day.day} {day:%B %Y}" if day else ""


def order(
    shown: Shown,
    identity: Identity,
    home: str,
    *,
    audience: str = "",
    brand: Brand | None = None,
) -> Order:
    """A kit for an audience that the text names, without pictures: see `illustrated`."""
    document = replace(shown.document, home=home)
    shown = replace(shown, document=document)
    return Order(shown, audience, identity, home, brand or Brand())


def illustrated(session: Session, bare: Order) -> Order:
    """The same with our own pictures and the cell's logo, as files need them."""
    mark = bare.identity.logo
    logo = session.get(Logo, mark.sha256) if mark else None
    pictures = own_pictures(session, bare.document, bare.home)
    return replace(bare, pictures=pictures, logo=logo.content if logo else None)


def own_pictures(
    session: Session, document: toolkits.Document, home: str
) -> dict[str, tuple[str, bytes]]:
    """The pictures of this installation that the text shows; what isn't there is left out."""
    known = re.compile(rf"{re.escape(home)}/a/([0-9a-f]{{64}})/[A-Za-z0-9._-]+(?:#width=\d+)?")
    found: dict[str, str] = {}
    for section in document.sections:
        for match in known.finditer(section.markdown):
            if len(found) < _MOST_PICTURES:
                found[match[0]] = match[1]
    if not found:
        return {}
    rows = session.execute(
        select(Asset.sha256, Asset.media_type, Asset.content).where(
            Asset.sha256.in_(set(found.values())), Asset.width.is_not(None)
        )
    )
    contents = {row.sha256: (row.media_type, row.content) for row in rows}
    return {address: contents[one] for address, one in found.items() if one in contents}
