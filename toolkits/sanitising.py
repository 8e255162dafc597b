"""The one sanitiser: what goes into a message is what this allow-list lets through."""

import nh3

from toolkits import slots
from toolkits.links import is_safe_image
from toolkits.markup import may_lead_to

INLINE_TAGS = frozenset(["a", "br", "code", "em", "strong", "sub", "sup"])
TAGS = INLINE_TAGS | frozenset(
    [
        "blockquote",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align"},
}
SCHEMES = frozenset({"https", "http", "mailto", "tel"})


def sanitise(html: str) -> str:
    """Safe HTML: nothing that runs, no style, no address but safe links and https pictures."""
    return _clean(html, TAGS)


def sanitise_inline(html: str) -> str:
    """Safe HTML that fits within a line: links and emphasis, no blocks and no pictures."""
    return _clean(html, INLINE_TAGS)


def _clean(html: str, tags: frozenset[str]) -> str:
    return nh3.clean(
        html,
        tags=set(tags),
        attributes={tag: names for tag, names in ATTRIBUTES.items() if tag in tags},
        attribute_filter=_attribute,
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
    )


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
