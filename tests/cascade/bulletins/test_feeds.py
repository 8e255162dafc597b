"""Feeds by their published rules: RFC 4287, RSS 2.0, JSON Feed 1.1."""

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from cascade.shelf.feeds import FORMS, Entry, Feed
from tests.cascade.bulletins.feed_rules import ATOM, check_atom, check_json, check_rss

THEN = datetime(2026, 11, 24, 10, tzinfo=UTC)
HOSTILE = "]]> \x00\x0b\x1f\ufffe <b>&amp; 'quoted' \"twice\" هفتہ وار \U0001f489"


def entry(number: int = 1, **more: str) -> Entry:
    values = {"title": f"Issue {number}", "html": "<p>Text.</p>", "language": "en"} | more
    address = f"https://cascade.example.org/bulletins/round-up/{number}"
    return Entry(address=address, published=THEN, updated=THEN, **values)


def feed(*entries: Entry, **more: str) -> Feed:
    values = {"title": "Round-up", "about": "All issues", "author": "The cell", "language": "en"}
    return Feed(
        home="https://cascade.example.org/bulletins/round-up",
        address="https://cascade.example.org/feeds/round-up",
        began=THEN,
        entries=entries,
        **(values | more),
    )


def atom(of: Feed) -> etree._Element:
    return etree.fromstring(FORMS["atom"][1](of).encode())


CHECKS = {"atom": check_atom, "rss": check_rss, "json": check_json}


@pytest.mark.parametrize("form", CHECKS)
@pytest.mark.parametrize("entries", [(), (entry(),), tuple(entry(n) for n in range(50))])
def test_a_feed_follows_the_rules_of_its_form(form: str, entries: tuple[Entry, ...]) -> None:
    CHECKS[form](FORMS[form][1](feed(*entries)))


@pytest.mark.parametrize("form", CHECKS)
@given(title=st.text(), html=st.text())
def test_whatever_stands_in_titles_and_texts_a_feed_follows_its_rules(
    form: str, title: str, html: str
) -> None:
    written = FORMS[form][1](feed(entry(title=title, html=html), title=title, about=html))

    CHECKS[form](written.encode().decode())


def test_a_hostile_title_is_only_text_in_every_form() -> None:
    made = feed(entry(title=HOSTILE, html=f"<p>{HOSTILE}</p>"))
    kept = HOSTILE.translate(dict.fromkeys([0, 0xB, 0x1F, 0xFFFE]))

    assert atom(made).findtext(f"{ATOM}entry/{ATOM}title") == kept
    assert atom(made).findtext(f"{ATOM}entry/{ATOM}content") == f"<p>{kept}</p>"
    rss = etree.fromstring(FORMS["rss"][1](made).encode())
    assert rss.findtext("channel/item/title") == kept
    assert "هفتہ وار" in json.loads(FORMS["json"][1](made))["items"][0]["title"]


def test_an_entry_says_its_language() -> None:
    made = feed(entry(language="ur"), entry(2))

    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert [one.get(lang) for one in atom(made).findall(f"{ATOM}entry")] == ["ur", "en"]
    assert json.loads(FORMS["json"][1](made))["items"][0]["language"] == "ur"


def test_an_empty_feed_is_the_same_whenever_it_is_asked_for() -> None:
    assert atom(feed()).findtext(f"{ATOM}updated") == THEN.isoformat()
    rss = etree.fromstring(FORMS["rss"][1](feed()).encode())
    assert parsedate_to_datetime(rss.findtext("channel/lastBuildDate") or "") == THEN


def test_the_rules_find_a_feed_that_breaks_them() -> None:
    twice = FORMS["atom"][1](feed(entry(), entry()))
    with pytest.raises(AssertionError):
        check_atom(twice)
    with pytest.raises(AssertionError):
        check_atom(FORMS["atom"][1](feed(entry())).replace('rel="self"', 'rel="via"'))


@pytest.mark.parametrize(
    ("form", "right", "wrong"),
    [
        ("atom", "10:00:00+00:00", "10:00:00"),
        ("atom", "<title>Issue 1</title>", ""),
        ("atom", "<subtitle>", "<subtitle/><subtitle>"),
        ("atom", "<subtitle>", "<subtitle><b/>"),
        ("atom", "<name>The cell</name>", "<name></name>"),
        ("atom", "https://cascade.example.org/bulletins", "/bulletins"),
        ("atom", "&lt;p&gt;", '&lt;p&gt;&lt;a href="/library"&gt;'),
        ("rss", "description", "descriptions"),
        ("rss", "Tue, 24", "Mon, 24"),
        ("rss", ' isPermaLink="true"', ""),
        ("rss", "<language>en<", "<language>English<"),
        ("rss", "https://cascade.example.org/bulletins", "/bulletins"),
        ("json", '"id"', '"name"'),
        ("json", '"content_html"', '"content"'),
        ("json", "T10:00:00", " 10:00:00"),
        ("json", '"The cell"', "7"),
        ("json", "https://cascade.example.org/bulletins", "/bulletins"),
    ],
)
def test_the_rules_of_a_form_find_what_breaks_them(form: str, right: str, wrong: str) -> None:
    written = FORMS[form][1](feed(entry()))

    assert right in written
    with pytest.raises(AssertionError):
        CHECKS[form](written.replace(right, wrong))
