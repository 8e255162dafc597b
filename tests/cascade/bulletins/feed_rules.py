"""What the published rules of feeds ask for: RFC 4287, RSS 2.0 with its profile, JSON Feed 1.1."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_GRAMMAR = etree.RelaxNG(etree.parse(Path(__file__).parents[2] / "data" / "atom.rng"))
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_RFC_822 = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d ([+-]\d{4}|GMT)")
_RFC_5646 = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_LINKED = re.compile(r'<[a-z][^>]*\s(?:href|src)="([^"]*)"')
_CHANNEL = {"title", "link", "description", "language", "lastBuildDate", "item"}
_ITEM = {"title", "link", "description", "pubDate", "guid"}


def check_atom(written: str) -> None:
    """The grammar, and the rules of RFC 4287 that no grammar can say."""
    root = etree.fromstring(written.encode())
    assert _GRAMMAR.validate(root), _GRAMMAR.error_log
    links = [one for one in root.findall(f"{ATOM}link") if one.get("rel") == "self"]
    assert len(links) == 1
    assert links[0].get("href") == root.findtext(f"{ATOM}id")
    entries = root.findall(f"{ATOM}entry")
    # 4.1.1: without an author of its own an entry has the feed's.
    assert root.find(f"{ATOM}author") is not None
    # Entries come after what the feed says of itself, so that streams can be read.
    assert list(root)[len(root) - len(entries) :] == entries
    ids = [one.findtext(f"{ATOM}id") for one in entries]
    assert len(ids) == len(set(ids))
    for one in (root, *entries):
        _one_alternate(one)
    for one in entries:
        _atom_content(one)


def _one_alternate(of: etree._Element) -> None:
    """4.1.1, 4.1.2: no two of the same type and language; ours have just one."""
    links = [one for one in of.findall(f"{ATOM}link") if one.get("rel", "alternate") == "alternate"]
    assert len(links) == 1


def _atom_content(entry: etree._Element) -> None:
    content = entry.find(f"{ATOM}content")
    assert content is not None
    assert content.get("type") == "html"
    _whole_addresses(content.text or "")


def _whole_addresses(html: str) -> None:
    """No base is said, so that nothing may be relative to it."""
    for address in _LINKED.findall(html):
        assert urlsplit(address).scheme, address


def check_rss(written: str) -> None:
    """RSS 2.0 and the profile of the RSS Advisory Board (rssboard.org/rss-profile)."""
    root = etree.fromstring(written.encode())
    assert root.tag == "rss"
    assert root.get("version") == "2.0"
    (channel,) = root
    assert channel.tag == "channel"
    _once(channel, _CHANNEL - {"item"})
    assert _own(channel) <= _CHANNEL
    _web(channel.findtext("link"))
    _date(channel.findtext("lastBuildDate"))
    assert _RFC_5646.fullmatch(channel.findtext("language") or "")
    (link,) = channel.findall(f"{ATOM}link")
    assert link.get("rel") == "self"
    _web(link.get("href"))
    guids = [_item(one) for one in channel.findall("item")]
    assert len(guids) == len(set(guids))


def _item(item: etree._Element) -> str | None:
    assert _own(item) <= _ITEM
    _once(item, _ITEM)
    # The specification's own `author` is for an address of email only.
    assert len(item.findall(CREATOR)) == 1
    _date(item.findtext("pubDate"))
    _web(item.findtext("link"))
    _whole_addresses(item.findtext("description") or "")
    guid = item.find("guid")
    assert guid is not None
    assert guid.get("isPermaLink") == "true"
    _web(guid.text)
    return guid.text


def _own(of: etree._Element) -> set[str]:
    """Names without a namespace: others are extensions."""
    return {str(one.tag) for one in of if not str(one.tag).startswith("{")}


def _once(of: etree._Element, names: set[str]) -> None:
    for name in names:
        found = of.findall(name)
        assert len(found) == 1, name
        # Text, with nothing in it.
        assert len(found[0]) == 0, name


def _web(address: str | None) -> None:
    parts = urlsplit(address or "")
    assert parts.scheme in ("http", "https"), address
    assert parts.netloc, address


def _date(written: str | None) -> None:
    """RFC 822 with four digits for the year; the name of the day is that of the date."""
    assert _RFC_822.fullmatch(written or ""), written
    read = parsedate_to_datetime(written or "")
    assert f"{read:%a}" == (written or "")[:3]


_FEED_KEYS = {
    "version": str,
    "title": str,
    "home_page_url": str,
    "feed_url": str,
    "description": str,
    "language": str,
    "authors": list,
    "items": list,
}
_ITEM_KEYS = {
    "id": str,
    "url": str,
    "title": str,
    "content_html": str,
    "date_published": str,
    "date_modified": str,
    "language": str,
}


def check_json(written: str) -> None:
    """JSON Feed 1.1 (jsonfeed.org): required keys, their types, addresses, dates, languages."""
    told = json.loads(written)
    _keys(told, _FEED_KEYS)
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    _web(told["home_page_url"])
    _web(told["feed_url"])
    assert _RFC_5646.fullmatch(told["language"])
    assert told["authors"]
    for one in told["authors"]:
        _keys(one, {"name": str})
    ids = [_json_item(one) for one in told["items"]]
    assert len(ids) == len(set(ids))


def _json_item(item: Mapping[str, Any]) -> str:
    _keys(item, _ITEM_KEYS)
    assert item["id"]
    _web(item["url"])
    _whole_addresses(item["content_html"])
    assert _RFC_5646.fullmatch(item["language"])
    for key in ("date_published", "date_modified"):
        assert _RFC_3339.fullmatch(item[key])
        assert datetime.fromisoformat(item[key])
    return str(item["id"])


def _keys(of: Mapping[str, Any], known: Mapping[str, type]) -> None:
    assert set(of) == set(known)
    for key, kind in known.items():
        assert isinstance(of[key], kind), key
