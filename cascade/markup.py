"""HTML taken apart in one pass: its words, and its tags with their attributes.

No tree is made of it: with the rules by which browsers mend broken pages, a tree can take time and
room that grow with the square of the page. Here each sign is looked at a bounded number of times,
whoever wrote it.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_TO_ITS_END = ("script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes")
"""Nothing is a tag in these but their own end."""
_ENDS = {name: re.compile(rf"</{name}(?=[\s/>])", re.ASCII | re.IGNORECASE) for name in _TO_ITS_END}
_NAME = re.compile(r"<(/?)([A-Za-z][^\s/>]*+)", re.ASCII)
_COMMENT_END = re.compile(r"--!?>")
_ATTRIBUTE = re.compile(r"[\s/]*+([^\s/>][^\s/>=]*+)\s*+(=\s*+)?", re.ASCII)
_TAG_END = re.compile(r"[\s/]*+>", re.ASCII)
_BARE = re.compile(r"[^\s>]*+", re.ASCII)
# As a number, it would be too long to be worked out; as a sign, there is none so far.
_HUGE = re.compile(r"&#(?:[0-9]{8,}+|[xX][0-9a-fA-F]{8,}+);?")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, with names in small letters; of attributes of one name the first holds."""

    name: str
    is_end: bool = False
    closes_itself: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)


def tokens(page: str) -> Iterator[str | Tag]:
    """The words and tags of a page, in order; comments and scripts are left out."""
    at = 0
    while at < len(page):
        opens = page.find("<", at)
        if words := page[at : opens if opens >= 0 else len(page)]:
            yield _plain(words)
        if opens < 0:
            return
        named = _NAME.match(page, opens)
        if named is not None:
            tag, at = _tag(page, named)
            if tag is not None:
                yield tag
        elif page.startswith(("<!", "<?", "</"), opens):
            at = _comment(page, opens)
        else:
            yield "<"
            at = opens + 1


def _plain(words: str) -> str:
    return html.unescape(_HUGE.sub("\ufffd", words)) if "&" in words else words


def _comment(page: str, opens: int) -> int:
    """Where the page goes on behind it."""
    if page.startswith("<!--", opens):
        found = _COMMENT_END.search(page, opens + 2)
        return found.end() if found else len(page)
    return page.find(">", opens) + 1 or len(page)


def _tag(page: str, named: re.Match[str]) -> tuple[Tag | None, int]:
    """The tag, and where the page goes on: behind what holds no tag, such as a script."""
    name, is_end = named[2].lower(), bool(named[1])
    attributes, at = _attributes(page, named.end())
    end = _TAG_END.match(page, at)
    if end is None:
        # A tag without end is none, and neither is what would be behind it.
        return None, len(page)
    tag = Tag(name, is_end, "/" in end[0], attributes)
    if is_end or name not in _ENDS:
        return tag, end.end()
    closing = _ENDS[name].search(page, end.end())
    return tag, closing.start() if closing else len(page)


def _attributes(page: str, at: int) -> tuple[dict[str, str], int]:
    attributes: dict[str, str] = {}
    while found := _ATTRIBUTE.match(page, at):
        at, value = found.end(), ""
        if found[2]:
            value, at = _value(page, at)
        attributes.setdefault(found[1].lower(), _plain(value))
    return attributes, at


def _value(page: str, at: int) -> tuple[str, int]:
    quote = page[at : at + 1]
    if quote in ('"', "'"):
        end = page.find(quote, at + 1)
        return (page[at + 1 : end], end + 1) if end >= 0 else ("", len(page))
    bare = _BARE.match(page, at)
    return (bare[0], bare.end()) if bare else ("", at)
