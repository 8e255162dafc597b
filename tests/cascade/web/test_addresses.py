"""Where a line may end in an address."""

from datetime import datetime

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from cascade.audience.records import Suppression
from cascade.web.addresses import breakable
from tests.cascade.web.forms import whole
from tests.cascade.web.people import browser, person
from tests.cascade.web.scene import Scene

HOSTILE = "<script>alert(1)</script>@example.org"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("jo.lee@example.org", "jo<wbr>.lee@<wbr>example<wbr>.org"),
        ("Sam, jo@oak.org.", "Sam, jo@<wbr>oak<wbr>.org."),
        ("terminal: a.root", "terminal: a.root"),
        (HOSTILE, "&lt;script&gt;alert(1)&lt;/script&gt;@<wbr>example<wbr>.org"),
        ("", ""),
    ],
)
def test_a_line_ends_after_the_at_and_before_a_dot(text: str, shown: str) -> None:
    assert breakable(text) == shown


@given(st.text(st.sampled_from("a@.<>&\"' ;\n")))
def test_nothing_but_places_to_end_a_line_is_added_and_all_is_escaped(text: str) -> None:
    assert whole(str(breakable(text))) == str(escape(text))


def test_an_address_that_is_a_script_is_shown_as_words(
    closed: Flask, scene: Scene, now: datetime
) -> None:
    client = browser(closed, scene.database, person(scene.database, now, "author"), now)
    with scene.database.writing() as session:
        session.add(Suppression(email=HOSTILE, reason="bounced", created_at=now))

    page = client.get("/suppressions").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;@<wbr>example<wbr>.org" in page
