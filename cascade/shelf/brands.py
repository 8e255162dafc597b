"""The group that reposts: its name, how to reach it, its logo; nothing of it is kept."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from cascade.cleaning import one_line
from cascade.errors import BadInput
from cascade.library.pictures import Broken, examine
from toolkits.links import is_safe

LARGEST = 2_000_000
"""Bytes of a logo."""
LONGEST = {"group": 100, "contact": 200, "site": 300}
"""Characters of each line."""
_NO_PICTURE = (
    "The logo must be a picture: PNG, JPEG, GIF or WebP. Drawings (SVG) and anything that can "
    "hold a script are not taken. Save it as PNG first"
)


@dataclass(frozen=True, slots=True)
class Brand:
    """What a kit says of the group that uses it; everything may be empty."""

    group: str = ""
    contact: str = ""
    site: str = ""
    logo: bytes | None = None
    """PNG or JPEG, drawn anew."""

    @property
    def line(self) -> str:
        """How to reach the group."""
        return " · ".join(part for part in (self.contact, self.site) if part)


def brand(group: str, contact: str, site: str, logo: bytes | None = None) -> Brand:
    """What was filled in, made fit; raises BadInput at `group`, `contact`, `site` and `logo`."""
    given = {"group": one_line(group), "contact": one_line(contact), "site": one_line(site)}
    problems = [
        f"{name}: use {LONGEST[name]} characters at most"
        for name, value in given.items()
        if len(value) > LONGEST[name]
    ]
    if (given["contact"] or given["site"] or logo) and not given["group"]:
        problems.append("group: enter the name of your group too")
    try:
        given["site"] = _address(given["site"])
    except ValueError:
        problems.append("site: enter a web address such as www.example.org")
    drawn = None
    try:
        drawn = _drawn(logo) if logo else None
    except Broken as error:
        problems.append(f"logo: {error}")
    if problems:
        raise BadInput("Correct the details of your group.", problems)
    return Brand(**given, logo=drawn)


def _address(site: str) -> str:
    """A web address, https where it doesn't say."""
    if not site:
        return ""
    whole = site if "://" in site else f"https://{site}"
    parts = urlsplit(whole)
    if parts.scheme not in ("https", "http") or "." not in (parts.hostname or ""):
        raise ValueError(site)
    if parts.username or not is_safe(whole):
        raise ValueError(site)
    return whole


def _drawn(content: bytes) -> bytes:
    if len(content) > LARGEST:
        raise Broken("The logo must be 2 MB or smaller")
    found = examine(content)
    if found is None or found.thumbnail is None:
        raise Broken(_NO_PICTURE)
    return found.content
