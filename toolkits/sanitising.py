"""The one sanitiser: what goes into a message is what this allow-list lets through."""

import nh3

from toolkits import slots
from toolkits.links import is_safe_image
from toolkits.markup import may_lead_to

INLINE_TAGS = frozenset({"a", "br", "code", "em", "strong", "sub", "sup"})
TAGS = INLINE_TAGS | {"h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "blockquote", "hr", "img"}
TAGS |= {"ol", "ul", "li", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align"},
}
SCHEMES = frozenset({"https", "http", "mailto", "tel"})


def _attribute(tag: str, name: str, value: str) -> str | None:
    """The value of an attribute if it may stay."""
    if name == "href":
        return value if may_lead_to(value) else None
    if name == "src":
        return value if is_safe_image(value) and not slots.is_mark(value) else None
    if name == "align":
        return value if value in ("left", "center", "right") else None
    if name == "start":
        return value if value.isascii() and value.isdigit() else None
    return value


def _cleaner(tags: frozenset[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(tags),
        attributes={tag: names for tag, names in ATTRIBUTES.items() if tag in tags},
        attribute_filter=_attribute,
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
    )


_ALL = _cleaner(TAGS)
_INLINE = _cleaner(INLINE_TAGS)


def sanitise(html: str) -> str:
    """Safe HTML: nothing that runs, no style, no address but safe links and https pictures."""
    return _ALL.clean(html)


def sanitise_inline(html: str) -> str:
    """Safe HTML that fits within a line: links and emphasis, no blocks and no pictures."""
    return _INLINE.clean(html)
