"""A parsed toolkit: its front matter, its sections, and what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal

from toolkits.problems import Problem
from toolkits.tables import TableQuery

CHANNELS = ("newsletter", "sms", "social", "slides", "press", "poster", "faq", "staff")
HEADINGS = ("top-story", "for-action", "for-information", "training-and-events", "you-said-we-did")
"""Of a bulletin, in their order: its items stand below them."""
Part = Literal["", "item", "otherwise", "above", "contents"]
"""Of an issue of a bulletin: an item's own text; what stands for it where none of that is for the
reader; what stands above items as long as one of them is there; a list of them, a line for each.
Other texts have no parts."""


@dataclass(frozen=True, slots=True)
class Meta:
    """The front matter. Text fields are one line of Markdown and may hold slots; "" is unset."""

    title: str = ""
    toolkit: str = ""
    campaign: str = ""
    lead: str = ""
    spokesperson: str = ""
    key_messages: tuple[str, ...] = ()
    expires: date | None = None
    language: str = "en"
    action: str = ""
    contact: str = ""
    summary: str = ""
    segments: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    review: date | None = None
    """When somebody looks at it again."""
    public: bool = True
    """Whether it stands in the public library once it is approved."""
    bulletins: tuple[str, ...] = ()
    """Short names of the bulletins that it is meant for."""
    heading: str = ""
    """What it stands below in a bulletin, one of HEADINGS; "" leaves it to the editor."""
    slots: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    lines: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def line(self, key: str) -> int:
        """The line that a front matter key stands at; 1 when it is not there."""
        return self.lines.get(key, 1)


@dataclass(frozen=True, slots=True)
class Section:
    """A run of Markdown for one channel (None: the message) and for some or all segments.

    `line` is the line of the file that the first line of `markdown` stands at.
    """

    line: int
    channel: str | None
    include: frozenset[str] | None
    exclude: frozenset[str]
    markdown: str
    part: Part = ""
    items: tuple[str, ...] = ()
    """Names of the items that it is a part of."""
    table: TableQuery | None = None
    """What is shown of an insert; then `markdown` is what stands there when no row fits."""
    language: str = ""
    """Of a part of an issue that isn't in the language of the issue."""

    def suits(self, segments: frozenset[str]) -> bool:
        """Whether somebody in all these segments sees it; in no segment: what is for everyone."""
        if not segments:
            return self.include is None
        allowed = segments if self.include is None else segments & self.include
        return bool(allowed - self.exclude)


@dataclass(frozen=True, slots=True)
class Document:
    """A toolkit as read; `problems` holds what is wrong with its structure, `text` the file.

    `home` is the address of the installation: its own pictures are shown from there, https or not.
    """

    meta: Meta
    sections: tuple[Section, ...]
    problems: tuple[Problem, ...]
    text: str
    home: str = ""
    impersonal: bool = False
    """Every form of it leaves out what speaks to one recipient."""
