"""Every public route, found by itself: nothing of a draft, of a private segment or of a person."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from cascade.audience.records import Contact, Organisation, Segment
from cascade.audience.segments import seed
from cascade.database import Database
from cascade.library import drafts
from cascade.library.publish import publish
from cascade.sign_off.records import SignOff, SignOffState
from tests.cascade.bulletins import archived, county
from tests.cascade.web.application import open_app
from tests.cascade.web.clock import Clock
from tests.cascade.web.people import person
from tests.cascade.web.scene import DOT_HASH, settings
from tests.cascade.web.test_access import ANYBODY, NEEDED

PRIVATE = (
    *("zebradraft", "zebrasection", "zebraprivate", "zebrawaiting", "zebranewer", "zebralabel"),
    *(
        "zebraitem",
        "zebrabulletin",
        "zebraissue",
        "zebraperson",
        "zebramanager",
        "zebrahouse",
        "zebraauthor",
        "zebrahomes",
        "zebracare",
    ),
)
"""Words that stand only where the public must not see; each begins with `zebra`."""

OWN_LINK = ("confirm", "unsubscribe", "entrance", "provider", "passwords", "desk", "health")
"""Blueprints for who has a link or an account: no public pages."""

TEXT = """---
title: Flu jab for all
toolkit: flu-jab
campaign: Winter
key_messages:
  - It is free.
segments: voluntary-sector, zebracare
topics: vaccines
---
Everybody may read this.

::: for voluntary-sector
Volunteers may too.
:::

::: for zebracare
zebrasection
:::

::: newsletter for zebracare
zebrasection in a newsletter
:::

::: social for zebracare
zebrasection in a post
:::
"""
INSIDE = "---\ntitle: {0}\ntoolkit: {0}\ncampaign: {0}\ntopics: {0}\npublic: {1}\n---\n{0}\n"


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
def public(sqlite_database: Database, now: datetime, clock: Clock) -> tuple[Flask, FlaskClient]:
    """A library with one toolkit in three versions, beside much that is nobody's business."""
    with sqlite_database.writing() as session:
        seed(session)
        session.add(Segment(name="zebracare", title="zebrahomes", rule={"kind": ["zebracare"]}))
        home = Organisation(key="z", name="zebrahouse", kind="care-homes", updated_at=now)
        session.add(home)
        session.flush()
        session.add(
            Contact(
                organisation_id=home.id,
                key="z",
                name="zebramanager",
                email="zebramanager@example.org",
                updated_at=now,
            )
        )
        texts = [
            (TEXT.replace("Everybody may", "Everybody might"), now - timedelta(days=9), True),
            (TEXT, now - timedelta(days=3), True),
            (TEXT.replace("Everybody", "zebranewer"), now, False),
            (INSIDE.format("zebrawaiting", "yes"), now, False),
            (INSIDE.format("zebraprivate", "no"), now, True),
            (TEXT.replace("toolkit: flu-jab", "toolkit: zebralabel\npublic: no"), now, True),
        ]
        for written, at, is_approved in texts:
            version = publish(session, written, by="zebraauthor@example.org", now=at)
            session.add(
                SignOff(
                    version_id=version.id,
                    state=SignOffState.APPROVED if is_approved else SignOffState.SUBMITTED,
                    submitted_by="zebraauthor@example.org",
                    submitted_at=at,
                )
            )
        _bulletins(session, now)
        drafts.begin(session, by="zebraauthor@example.org", now=now, text="zebradraft")
    app = open_app(settings(sign_off="on"), sqlite_database, clock)
    person(sqlite_database, now, "author", email="zebraperson@example.org")
    return app, app.test_client()


def _bulletins(session: Session, now: datetime) -> None:
    """One with an issue that went out and one that did not, and one for private segments."""
    archived.reader(session, now)
    of = county.bulletin(session, segments=["voluntary-sector", "zebracare"], now=now)
    county.bulletin(session, "zebrabulletin", ["zebracare"], now=now)
    county.toolkit(session, "heat", now=now)
    for name, front in (
        ("zebraitem-1", {"segments": "zebracare"}),
        ("zebraitem-2", {"public": "no"}),
        ("heat-in-homes", {"body": "::: newsletter for zebracare\nzebrasection\n:::"}),
    ):
        county.toolkit(session, name, now=now, **front)
    county.released(session, of, now=now)
    county.toolkit(session, "zebraissue", now=now)
    county.submitted(session, of, now=now)


def public_rules(app: Flask) -> Iterator[Rule]:
    """Routes that anybody may open without a link of their own."""
    for rule in app.url_map.iter_rules():
        blueprint = rule.endpoint.partition(".")[0]
        is_open = NEEDED[rule.endpoint] == ANYBODY and "GET" in (rule.methods or ())
        if is_open and blueprint not in (*OWN_LINK, "static"):
            yield rule


FILLED: Mapping[str, tuple[object, ...]] = {
    # Values for each name in an address: what is there, what is private, what is not there.
    "toolkit_name": ("flu-jab", "zebrawaiting", "zebraprivate", "zebralabel", "zebradraft", "none"),
    "language": ("en", "cy"),
    "number": (1, 2, 3, 4),
    "sha256": (DOT_HASH,),
    "name": ("dot.png",),
    "colour": ("005eb8",),
    "piece": ("article-150", "briefing"),
    "ending": ("md", "txt"),
    "token": ("nobody-has-this",),
    "bulletin": ("round-up", "zebrabulletin", "none"),
    "segment": ("voluntary-sector", "zebracare", "none"),
    "form": ("atom", "rss", "json"),
}

ASKED_NOTHING = ("feeds.library", "feeds.issues", "feeds.for_segment", "archive.calendar")
"""Routes that read nothing of what an address asks after its `?`."""

PACKED = ("archive.on_paper",)
"""Files whose words are packed: `test_archive.py` unpacks them."""

ASKED = (
    *("as=large", "as=easy", "as=text", "audience=voluntary-sector", "audience=zebracare"),
    *("language=en", "language=cy", "search=zebra", "search=everybody", "page=2", "days=7"),
    *(f"{key}={word}" for key in ("search", "topic", "campaign", "audience") for word in PRIVATE),
    *(f"search={word[:-1]}" for word in PRIVATE),
    "search=everybody+zebrasection",
)


def addresses(rule: Rule) -> Iterator[str]:
    """Every address of a route; fails for one that can't be filled."""
    names = sorted(rule.arguments)
    unknown = set(names) - set(FILLED)
    assert not unknown, f"{rule.rule}: say in FILLED what {unknown} may be"
    paths = [rule.rule]
    for name in names:
        part = re.compile(rf"<(?:[^<>:]+:)?{name}>")
        paths = [part.sub(quote(str(v)), path) for path in paths for v in FILLED[name]]
    return iter(paths)


def test_no_public_page_says_a_word_that_is_not_for_the_public(
    public: tuple[Flask, FlaskClient],
) -> None:
    app, client = public
    opened = 0
    for rule in public_rules(app):
        for path in addresses(rule):
            if look(client, path) == 200 and rule.endpoint not in ASKED_NOTHING + PACKED:
                opened += sum(look(client, f"{path}?{one}") == 200 for one in ASKED)
    assert opened > 100


def look(client: FlaskClient, address: str) -> int:
    """Open it, and find no private word in it; gives its status."""
    answered = client.get(address)
    # What somebody typed comes back in the field that they typed it in.
    said = _without_what_was_asked(answered.get_data().decode(errors="replace"), address)
    assert not re.findall("zebra[a-z]*", said), address
    assert "zebra" not in repr(list(answered.headers)), address
    assert "Set-Cookie" not in answered.headers, address
    return answered.status_code


def _without_what_was_asked(text: str, address: str) -> str:
    asked = re.search(r"(?:search|topic|campaign|audience)=([^&]*)", address)
    typed = asked[1].replace("+", " ") if asked else ""
    return text.replace(typed, "").replace(quote(typed), "") if typed else text


@pytest.mark.parametrize("word", PRIVATE)
def test_a_private_word_is_answered_like_one_that_is_nowhere(
    public: tuple[Flask, FlaskClient], word: str
) -> None:
    client = public[1]
    nowhere = "q" * len(word)
    for address in (
        "/library?search={}",
        "/library?topic={}",
        "/library?campaign={}",
        "/library?audience={}",
        "/library/{}",
        "/library/{}/en/1",
        "/library/{}/card.png",
        "/bulletins/{}",
        "/bulletins/{}/1",
        "/bulletins/{}/dates.ics",
        "/bulletins/round-up?search={}",
        "/bulletins/round-up/1?audience={}",
        "/feeds/{}.atom",
        "/feeds/round-up/{}.atom",
        "/library/flu-jab?audience={}",
    ):
        answers = [client.get(address.format(one)) for one in (word, nowhere)]
        said = [
            one.text.replace(typed, "") for one, typed in zip(answers, (word, nowhere), strict=True)
        ]
        said = [re.sub(r"nonce(?:-|=\")[\w-]+", "", one) for one in said]
        assert said[0] == said[1], address
        assert answers[0].status_code == answers[1].status_code, address


def test_versions_that_were_never_approved_are_not_there(
    public: tuple[Flask, FlaskClient],
) -> None:
    client = public[1]
    statuses = [client.get(f"/library/flu-jab/en/{number}").status_code for number in (1, 2, 3, 4)]

    assert statuses == [200, 200, 404, 404]


def test_counts_do_not_move_by_what_is_private(
    public: tuple[Flask, FlaskClient], sqlite_database: Database, clock: Clock
) -> None:
    client = public[1]
    before = client.get("/library").text
    assert "1 toolkit" in before
    assert "vaccines (1)" in client.get("/library?topic=vaccines").text

    with sqlite_database.writing() as session:
        session.execute(update(Segment).where(Segment.name == "zebracare").values(public=True))
    clock.now += timedelta(seconds=1)

    assert "zebrahomes (1)" in client.get("/library").text
    assert "zebrasection" in client.get("/library/flu-jab?audience=zebracare").text
    assert "1 toolkit for" in client.get("/library?search=zebrasection").text
