"""Addresses of every page of the desk, and of its lists with searches, filters and far pages."""

import re
from collections.abc import Mapping

from flask import Flask
from werkzeug.routing import Rule

from bench.county import CASCADES, Size
from bench.editions import READY
from bench.made_up import address_of
from cascade.links import Links

SECRET = "a key that only this benchmark knows, 0123456789"
_NUMBER = re.compile(r"<int[^:]*:")
_EXPORTS = frozenset({"watch.export", "audit.export", "reposts.export", "inserts.export"})
"""Streams of everything, which are files and not pages."""
_FILES = frozenset({"assets.serve", "assets.thumbnail", "look_files.style", "look_files.logo"})
_PUBLIC = ("library", "archive", "feeds", "kit.")
"""What the blueprints of the public library begin with: `bench.library` measures them."""

_SEARCHES = (
    *("oak", "ho", "oak+house", "oak+house+{middle}", "{code}", "town+7", "WC12", "WC12+2AB"),
    *("{email}", "person7", "site12.example.org", "hughes", "zebra", "100%25", "_", "e"),
)
_CASCADE = f"/cascades/{CASCADES}"
_LISTS = (
    *(f"/organisations?search={one}" for one in _SEARCHES),
    *(f"/search?q={one}" for one in ("oak", "oak+house", "{email}", "weather", "20", "zebra")),
    "/cascades?search=weather",
    "/cascades?search=bench&state=sent&tier=urgent",
    "/organisations?only=no-address",
    "/organisations?only=closed",
    "/organisations?kind=pharmacies&place=town+7",
    "/organisations?kind=pharmacies&only=no-address&search=elm",
    "/organisations?after={middle}",
    "/organisations/duplicates?by=email",
    "/organisations/duplicates?by=phone",
    "/segments/care-homes?after={homes}",
    f"{_CASCADE}/recipients?segment=pharmacies",
    f"{_CASCADE}/recipients?state=bounced",
    f"{_CASCADE}/recipients?state=planned",
    f"{_CASCADE}/recipients?grade=A",
    f"{_CASCADE}/recipients?place=town+7",
    f"{_CASCADE}/recipients?search=hughes",
    f"{_CASCADE}/recipients?search={{reached}}",
    f"{_CASCADE}/recipients?sort=organisation",
    f"{_CASCADE}/recipients?sort=change&grade=E",
    f"{_CASCADE}/recipients?page=4",
    f"{_CASCADE}/recipients?from={{from}}",
    f"{_CASCADE}/answers?only=comment",
    f"{_CASCADE}/answers?only=call-me",
    "/audit?page=15",
    "/audit?search=organisation+7",
    "/audit?by=bench@example.org",
    "/toolkits?search=weather",
    "/inserts?search=hours",
    "/inserts/hours?page=100",
    "/inserts/hours?search=home&sort=2",
    "/suppressions?search=person1",
    "/reposts?search=oak",
    "/reposts?search=zebra",
    "/reposts?segment=care-homes&page=9",
    "/reposts?toolkit=bench-1&grade=seen&search=news",
    "/release/bench-1/tier?segment=care-homes&segment=pharmacies",
    "/release/bench-1/check?segment=care-homes&segment=pharmacies&tier=important&when=now",
    "/release/bench-1/as/2?segment=care-homes&segment=pharmacies&tier=important&when=now",
    "/release/bench-1/left-out?segment=care-homes&segment=pharmacies&tier=important&why=overlap",
)
_REPOSTS = (
    *("takers.follow", "takers.follow_to_kit", "takers.ask_to_stop", "using.show_own"),
    *("reposts.picture", "embed.oembed"),
)
"""Of takers and pictures, which the county has none of."""
_LETTERS = ("subscribing.confirmation",)
_CHOSEN = ("left_out.listing", "samples.show", "samples.email")


def addresses(app: Flask, size: Size) -> Mapping[str, str]:
    """Every page of the desk, and its lists again with searches, filters and far pages."""
    links = Links(SECRET, "http://localhost")
    found = {}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and _is_page(rule):
                values = _values(rule, size, links)
                built = app.url_map.bind("localhost").build(rule.endpoint, values, "GET")
                found[_NUMBER.sub("<", rule.rule)] = built
    return found | {one: one.format(**_places(size)) for one in _LISTS}


def _is_page(rule: Rule) -> bool:
    is_file = rule.endpoint in {"static", *_FILES, *_EXPORTS}
    return not (is_file or rule.endpoint.startswith(_PUBLIC) or _missing(rule))


def _missing(rule: Rule) -> bool:
    # What belongs to uploads and to one-time links, the same few rows in every database; and what
    # shows nothing without choices, which the lists above have.
    uploads = ("importing.show", "importing.rejects", "insert_uploads.show")
    return rule.endpoint in {*uploads, "desk.door", *_REPOSTS, *_CHOSEN, *_LETTERS}


def _values(rule: Rule, size: Size, links: Links) -> Mapping[str, object]:
    delivery = _last_delivery(size)
    of_cascade = rule.rule.startswith("/cascades")
    waits = rule.endpoint.startswith(("issue_samples", "issue_release"))
    answered = rule.endpoint.startswith("confirm")
    token = links.token("confirm" if answered else "unsubscribe", delivery)
    every = {
        "number": CASCADES if of_cascade else 1,
        "delivery": delivery,
        "other": 11,
        "contact": 2,
        "revision": 1,
        "name": "care-homes",
        "toolkit_name": "bench-1",
        "insert_name": "hours",
        "token": token,
        "way": "reset",
        "tier_name": "important",
        "bulletin": READY if waits else "round-up",
        "entry": 1,
    }
    return {name: every[name] for name in rule.arguments}


def _last_delivery(size: Size) -> int:
    every = sum(len(size.of_cascade(one)) for one in range(1, CASCADES + 1))
    return every - every % 10 - 6


def _places(size: Size) -> Mapping[str, object]:
    """What differs between the two sizes in the addresses of lists."""
    middle, reached = size.organisations // 2, size.of_cascade(CASCADES)
    return {
        "middle": middle,
        "code": f"W{middle:06}",
        "email": address_of(middle + 1),
        "reached": address_of(reached[-1]),
        "homes": middle // 4,
        "from": f"{(CASCADES - 1) * 5 + 1}-{_last_delivery(size) - len(reached) * 9 // 10}",
    }
