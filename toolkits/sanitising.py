"""The one sanitiser: what goes into a message is what this allow-list lets through."""

from functools import lru_cache

import nh3

from toolkits import slots
from toolkits.links import is_safe_image
from toolkits.markup import may_lead_to

INLINE_TAGS = frozenset({"a", "br", "code", "em", "strong", "sub", "sup"})
TAGS = INLINE_TAGS | {"h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "blockquote", "hr", "img"}
TAGS |= {"ol", "ul", "li", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align", "scope"},
}
SCHEMES = frozenset({"https", "http", "mailto", "tel"})


def _attribute(home: str, name: str, value: str) -> str | None:
    """The value of an attribute if it may stay."""
    if name == "href":
        return value if may_lead_to(value) else None
    if name == "src":
        return value if is_safe_image(value, home) and not slots.is_mark(value) else None
    if name == "align":
        return value if value in ("left", "center", "right") else None
    if name == "scope":
        return value if value == "col" else None
    if name in ("start", "width"):
        return value if value.isascii() and value.isdigit() else None
    return value


@lru_cache(maxsize=8)
def _cleaner(tags: frozenset[str], home: str = "") -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(tags),
        attributes={tag: names for tag, names in ATTRIBUTES.items() if tag in tags},
        attribute_filter=lambda _tag, name, value: _attribute(home, name, value),
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
    )


def sanitise(html: str, home: str = "") -> str:
    """Safe HTML: nothing that runs, no style, no address but safe links and pictures over https
    or from below `home`."""
    return _cleaner(TAGS, home).clean(html)


def sanitise_inline(html: str) -> str:
    """Safe HTML that fits within a line: links and emphasis, no blocks and no pictures."""
    return _cleaner(INLINE_TAGS).clean(html)
