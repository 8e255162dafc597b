"""Turns front matter into `Meta`: known keys, right types, a slug, problems with their lines."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from toolkits.documents import HEADINGS, Meta
from toolkits.frontmatter import FrontMatter, as_text
from toolkits.languages import is_known, is_tag
from toolkits.nearest import quoted, suggest
from toolkits.slots import NAME

TEXTS = ("title", "campaign", "lead", "spokesperson", "action", "contact", "summary")
KEYS = (
    *(*TEXTS, "toolkit", "key_messages", "expires", "review", "language", "segments", "topics"),
    *("public", "bulletins", "heading", "slots"),
)
_YES, _NO = ("yes", "true", "on"), ("no", "false", "off")


def build(found: FrontMatter) -> Meta:
    """The meta data; what cannot be used is reported in `found.problems` and left unset."""
    for key, line in found.lines.items():
        if key not in KEYS:
            message = f"{quoted(key)} is not a key of a toolkit, so it is ignored."
            found.report(line, "unknown-key", message + suggest(key, KEYS))
    texts = {key: _text(found, key) for key in TEXTS}
    return Meta(
        **texts,
        toolkit=slug(_text(found, "toolkit") or texts["title"]),
        key_messages=_list(found, "key_messages"),
        expires=_date(found, "expires"),
        review=_date(found, "review"),
        language=_language(found),
        segments=tuple(name.lower() for name in _list(found, "segments")),
        topics=_list(found, "topics"),
        public=_is_public(found),
        bulletins=tuple(slug(name) for name in _list(found, "bulletins")),
        heading=_heading(found),
        slots=_slots(found),
        lines=MappingProxyType(dict(found.lines)),
    )


def slug(title: str) -> str:
    """A short name for addresses: letters of ASCII, digits and hyphens."""
    ascii_only = unicodedata.normalize("NFKD", title[:200]).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower())[:60].strip("-")


def _text(found: FrontMatter, key: str) -> str:
    text = as_text(found.values, key)
    if text is None:
        found.report(found.lines[key], "wrong-type", f'"{key}" is one line of text, not a list.')
    return text or ""


def _list(found: FrontMatter, key: str) -> tuple[str, ...]:
    """A list of texts; one text counts as a list of one."""
    value = found.values.get(key, [])
    if isinstance(value, dict):
        found.report(found.lines[key], "wrong-type", f'"{key}" is a list: start lines with "- ".')
        return ()
    items = [value] if isinstance(value, str) else [text for _, text in value]
    return tuple(text for item in items if (text := " ".join(item.split())))


def _date(found: FrontMatter, key: str) -> date | None:
    written = _text(found, key)
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        message = f"{quoted(written)} is not a date: write it as 2027-03-31."
        found.report(found.lines[key], "bad-date", message)
        return None


def _is_public(found: FrontMatter) -> bool:
    """Yes unless it says no; what is neither keeps it out of the library until it is mended."""
    written = _text(found, "public").lower()
    if written and written not in (*_YES, *_NO):
        message = f"{quoted(written)} is neither yes nor no: write “public: no” to keep it inside."
        found.report(found.lines["public"], "not-yes-or-no", message)
    return not written or written in _YES


def _heading(found: FrontMatter) -> str:
    written = slug(_text(found, "heading"))
    if not written or written in HEADINGS:
        return written
    message = f"{quoted(written)} is not a heading of bulletins: use {', '.join(HEADINGS)}."
    found.report(found.lines["heading"], "heading-unknown", message)
    return ""


def _language(found: FrontMatter) -> str:
    written = _text(found, "language") or "en"
    if not is_known(written):
        message = f"{quoted(written)} is not a language we know: use its tag, such as en, ur, pl."
        found.report(found.lines["language"], "language-unknown", message)
    return written if is_tag(written) else "en"


def _slots(found: FrontMatter) -> Mapping[str, str]:
    """The slots that the toolkit declares: a list of names, or names with their values."""
    value = found.values.get("slots", {})
    if isinstance(value, str):
        value = [(found.lines["slots"], value)] if value.strip() else []
    pairs = value if isinstance(value, dict) else {name: (line, "") for line, name in value}
    return MappingProxyType(
        {
            name.strip().lower(): " ".join(text.split())
            for name, (line, text) in pairs.items()
            if _is_slot_name(found, name.strip().lower(), line)
        }
    )


def _is_slot_name(found: FrontMatter, name: str, line: int) -> bool:
    if NAME.fullmatch(name):
        return True
    message = f"{quoted(name)} cannot be a slot: use small letters, digits and _, a letter first."
    found.report(line, "bad-slot-name", message)
    return False
