"""Feeds: the same entries as Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

MOST = 50
"""Entries of a feed."""
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML has no place for, not even escaped."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a feed tells of."""

    title: str
    address: str
    """Its page, for good: what it is known by, too."""
    html: str
    language: str
    published: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed and its newest entries; what it is called is plain text."""

    title: str
    about: str
    home: str
    """The page that shows the same."""
    address: str
    """Its own, without the ending."""
    language: str
    author: str
    began: datetime
    """When it was changed last while nothing is in it."""
    entries: tuple[Entry, ...]

    @property
    def updated(self) -> datetime:
        return max((one.updated for one in self.entries), default=self.began)


def _atom(feed: Feed) -> str:
    from feedgenerator.django.utils.feedgenerator import Atom1Feed

    return _xml(_dated(Atom1Feed, feed), feed, "atom")


def _rss(feed: Feed) -> str:
    from feedgenerator.django.utils.feedgenerator import Rss201rev2Feed

    return _xml(_dated(Rss201rev2Feed, feed), feed, "rss")


def _json(feed: Feed) -> str:
    told: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": f"{feed.address}.json",
        "description": feed.about,
        "language": feed.language,
        "authors": [{"name": feed.author}],
        "items": [_item(one) for one in feed.entries],
    }
    return _NO_XML.sub("", json.dumps(told, ensure_ascii=False, indent=1))


FORMS: Mapping[str, tuple[str, Callable[[Feed], str]]] = MappingProxyType(
    {
        "atom": ("application/atom+xml", _atom),
        "rss": ("application/rss+xml", _rss),
        "json": ("application/feed+json", _json),
    }
)
"""Each by its ending: the media type, and what writes it."""


def _item(one: Entry) -> dict[str, str]:
    return {
        "id": one.address,
        "url": one.address,
        "title": one.title,
        "content_html": one.html,
        "date_published": one.published.isoformat(),
        "date_modified": one.updated.isoformat(),
        "language": one.language,
    }


def _dated(form: Any, feed: Feed) -> Any:
    """The library's class, saying when the feed was changed and not when it was asked for."""

    class Dated(form):  # type: ignore[misc]  # published without types
        def latest_post_date(self) -> datetime:
            return feed.updated

        def item_attributes(self, item: Mapping[str, Any]) -> dict[str, str]:
            return {"xml:lang": item["language"]}

    return Dated


def _xml(form: Any, feed: Feed, ending: str) -> str:
    address = f"{feed.address}.{ending}"
    made = form(
        title=_clean(feed.title),
        link=feed.home,
        description=_clean(feed.about),
        language=feed.language,
        author_name=_clean(feed.author),
        feed_url=address,
        feed_guid=address,
    )
    for one in feed.entries:
        html = {"content": _clean(one.html), "description": None}
        if ending == "rss":
            html = {"description": _clean(one.html)}
        made.add_item(
            title=_clean(one.title),
            link=one.address,
            author_name=_clean(feed.author),
            pubdate=one.published,
            updateddate=one.updated,
            unique_id=one.address,
            unique_id_is_permalink=True,
            language=one.language,
            **html,
        )
    written: str = made.writeString("utf-8")
    return written


def _clean(text: str) -> str:
    return _NO_XML.sub("", text)
