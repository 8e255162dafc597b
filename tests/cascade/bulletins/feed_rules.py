"""What the published rules of feeds ask for, as far as our feeds use them."""

import json
import re
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"  # RFC 4287, 3.3
)
_SINGLE = ("id", "title", "updated", "published", "content", "summary", "subtitle", "rights")
_FEED = {"author", "id", "link", "subtitle", "title", "updated", "entry", "rights", "category"}
_ENTRY = {"author", "content", "id", "link", "published", "summary", "title", "updated"}
_CHANNEL = {"title", "link", "description", "language", "lastBuildDate", "item"}
_ITEM = {"title", "link", "description", "pubDate", "guid"}
_RFC_822 = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d ([+-]\d{4}|GMT)")


def check_atom(written: str) -> None:
    """RFC 4287: 4.1.1 and 4.1.2 with the constructs that they name."""
    root = etree.fromstring(written.encode())
    assert root.tag == f"{ATOM}feed"
    _container(root, _FEED)
    links = [one for one in root.findall(f"{ATOM}link") if one.get("rel") == "self"]
    assert len(links) == 1
    assert links[0].get("href") == root.findtext(f"{ATOM}id")
    entries = root.findall(f"{ATOM}entry")
    # Entries come after what the feed says of itself, so that streams can be read.
    assert list(root)[len(root) - len(entries) :] == entries
    ids = [one.findtext(f"{ATOM}id") for one in entries]
    assert len(ids) == len(set(ids))
    for one in entries:
        _container(one, _ENTRY)
        content = one.find(f"{ATOM}content")
        assert content is not None
        assert content.get("type") == "html"
        assert len(content) == 0


def _container(of: etree._Element, known: set[str]) -> None:
    names = [str(one.tag).removeprefix(ATOM) for one in of]
    assert set(names) <= known, names
    for name in ("id", "title", "updated"):
        assert names.count(name) == 1, name
    for name in _SINGLE:
        assert names.count(name) <= 1, name
    assert urlsplit(of.findtext(f"{ATOM}id") or "").scheme
    for name in ("updated", "published"):
        for one in of.findall(f"{ATOM}{name}"):
            assert _RFC_3339.fullmatch(one.text or ""), one.text
    for author in of.findall(f"{ATOM}author"):
        assert author.findtext(f"{ATOM}name")
    alternates = [one for one in of.findall(f"{ATOM}link") if one.get("rel") == "alternate"]
    assert len(alternates) == 1
    assert all(urlsplit(one.get("href") or "").scheme for one in of.findall(f"{ATOM}link"))


def check_rss(written: str) -> None:
    """RSS 2.0 (rssboard.org): required elements, dates by RFC 822, and guids."""
    root = etree.fromstring(written.encode())
    assert root.tag == "rss"
    assert root.get("version") == "2.0"
    (channel,) = root
    for name in ("title", "link", "description"):
        assert len(channel.findall(name)) == 1, name
    assert _own(channel) <= _CHANNEL
    _date(channel.findtext("lastBuildDate"))
    (link,) = channel.findall(f"{ATOM}link")
    assert link.get("rel") == "self"
    guids = []
    for item in channel.findall("item"):
        assert _own(item) <= _ITEM
        assert item.find("title") is not None
        assert item.find("description") is not None
        _date(item.findtext("pubDate"))
        guid = item.find("guid")
        assert guid is not None
        assert guid.get("isPermaLink") == "true"
        assert urlsplit(guid.text or "").scheme in ("http", "https")
        guids.append(guid.text)
    assert len(guids) == len(set(guids))


def _own(of: etree._Element) -> set[str]:
    """Names without a namespace: others are extensions."""
    return {str(one.tag) for one in of if not str(one.tag).startswith("{")}


def _date(written: str | None) -> None:
    assert _RFC_822.fullmatch(written or ""), written
    assert parsedate_to_datetime(written or "")


def check_json(written: str) -> None:
    """JSON Feed 1.1 (jsonfeed.org): required keys, their types, and addresses."""
    told = json.loads(written)
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert isinstance(told["title"], str)
    assert all(isinstance(told[key], str) for key in ("home_page_url", "feed_url", "language"))
    assert all(isinstance(one["name"], str) for one in told["authors"])
    ids = []
    for item in told["items"]:
        assert isinstance(item.get("id"), str)
        assert item["id"]
        assert isinstance(item["content_html"], str)
        assert urlsplit(item["url"]).scheme in ("http", "https")
        for key in ("date_published", "date_modified"):
            assert _RFC_3339.fullmatch(item[key])
        ids.append(item["id"])
    assert len(ids) == len(set(ids))
