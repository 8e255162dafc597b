"""What somebody pastes to show a toolkit on their site: a frame, or plain HTML; no script."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qs, urlencode, urlsplit

from cascade.shelf.values import page_of

WIDTH, HEIGHT = 600, 420
_SMALLEST = 200
_LONGEST_QUERY = 500
_PLACE = re.compile(r"/(?:library|embed)/([a-z0-9][a-z0-9-]{0,119})/?")
_PASSED_ON = ("language", "audience")

Told = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Place:
    """A toolkit that an address names, in a language and for an audience, if it says so."""

    toolkit: str
    chosen: Mapping[str, str]


def place_of(address: str, base_url: str) -> Place | None:
    """The toolkit that an address of ours is about; None for any other."""
    try:
        asked, ours = urlsplit(address), urlsplit(base_url)
    except ValueError:
        return None
    if asked.scheme not in ("http", "https") or asked.netloc.lower() != ours.netloc.lower():
        return None
    found = _PLACE.fullmatch(asked.path.removeprefix(ours.path))
    if found is None or len(asked.query) > _LONGEST_QUERY:
        return None
    given = parse_qs(asked.query)
    return Place(found[1], {one: given[one][0] for one in _PASSED_ON if one in given})


def size(widest: int | None, highest: int | None) -> tuple[int, int]:
    """Width and height of a frame that is no larger than it may be, and not too small to read."""
    return (
        max(_SMALLEST, min(WIDTH, widest or WIDTH)),
        max(_SMALLEST, min(HEIGHT, highest or HEIGHT)),
    )


def told(
    place: Place, title: str, cell: str, base_url: str, frame: tuple[int, int] = (WIDTH, HEIGHT)
) -> Told:
    """The answer of oEmbed."""
    width, height = frame
    return {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": cell,
        "provider_url": base_url,
        "cache_age": 3600,
        "html": iframe(place.toolkit, title, base_url, frame=frame, **place.chosen),
        "width": width,
        "height": height,
    }


def iframe(
    toolkit: str,
    title: str,
    base_url: str,
    *,
    language: str = "",
    audience: str = "",
    frame: tuple[int, int] = (WIDTH, HEIGHT),
) -> str:
    """A frame that always shows the current version; it tells us the site's name only."""
    address = f"{base_url}/embed/{toolkit}{_asking(language, audience)}"
    width, height = frame
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="{width}" '
        f'height="{height}" loading="lazy" referrerpolicy="origin"></iframe>'
    )


def plain(toolkit: str, title: str, messages: list[str], base_url: str) -> str:
    """HTML for sites that take no frames: the words of today, with a link to those of tomorrow."""
    items = "".join(f"\n    <li>{escape(one)}</li>" for one in messages)
    inner = f"\n  <ul>{items}\n  </ul>" if items else ""
    page = escape(page_of(toolkit, base_url))
    return (
        f"<div>\n  <p><strong>{escape(title)}</strong></p>{inner}\n"
        f'  <p><a href="{page}">Read the current version</a></p>\n</div>'
    )


def library_page(toolkit: str, base_url: str, *, language: str = "", audience: str = "") -> str:
    """The page of the library, as somebody chose to see it."""
    return page_of(toolkit, base_url) + _asking(language, audience)


def discovery(toolkit: str, base_url: str, kind: str = "json") -> str:
    """The address that says how to embed a toolkit (oEmbed 1.0, section 4)."""
    asked = urlencode({"url": page_of(toolkit, base_url), "format": kind})
    return f"{base_url}/oembed?{asked}"


def _asking(language: str, audience: str) -> str:
    asked = {"language": language, "audience": audience}
    chosen = urlencode({name: value for name, value in asked.items() if value})
    return f"?{chosen}" if chosen else ""
