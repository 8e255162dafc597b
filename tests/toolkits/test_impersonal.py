"""What of a toolkit anybody may be told: nothing that speaks to one recipient."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import toolkits
from toolkits.impersonal import PERSONAL, for_anybody, speaks_to_one, without_personal
from toolkits.sanitising import sanitise

ORG, BY = toolkits.mark("organisation"), toolkits.mark("deadline")
HEAD = "<table><thead><tr><th>{}</th></tr></thead><tbody>"
ROWS = "<tr><td>{}</td></tr>"
END = "</tbody></table>"
AREA = toolkits.mark("place")


@pytest.mark.parametrize(
    ("written", "left"),
    [
        (f"<p>Dear {ORG}.</p>\n<p>Stay in.</p>", "\n<p>Stay in.</p>"),
        (f"<p>In {AREA} &amp; here&#39;s more.</p>", f"<p>In {AREA} &amp; here&#39;s more.</p>"),
        (f"<p>One &amp; two</p><p><em>By {BY}</em></p>", "<p>One &amp; two</p>"),
        (f'<p><a href="{toolkits.mark("confirm_link")}">Confirm</a></p>', ""),
        (f"<ul><li>One</li><li>{ORG}</li></ul>", "<ul><li>One</li></ul>"),
        (f"<ul><li><p>{ORG}</p></li></ul><p>All</p>", "<p>All</p>"),
        (f"<ul><li>One<ul><li>{ORG}</li></ul></li></ul>", "<ul><li>One</li></ul>"),
        (f"<blockquote><p>{ORG}</p></blockquote>", ""),
        (f"<h2>You</h2><p>{ORG}</p><h2>All</h2><p>In.</p>", "<h2>All</h2><p>In.</p>"),
        (f"<h2>You</h2><h3>Now</h3><p>{ORG}</p><hr>", "<hr>"),
        (f"<h2>For {ORG}</h2><p>All.</p>", "<p>All.</p>"),
        (f"<h2>Below</h2><p>{ORG}</p><p>This.</p>", "<h2>Below</h2><p>This.</p>"),
        (
            HEAD.format("A") + ROWS.format(ORG) + ROWS.format("B") + END,
            HEAD.format("A") + ROWS.format("B") + END,
        ),
        (HEAD.format("A") + ROWS.format(ORG) + END, ""),
        (HEAD.format(ORG) + ROWS.format("B") + END, ""),
        (f"<pre><code>{ORG}</code></pre><h2>End</h2>", "<h2>End</h2>"),
    ],
)
def test_blocks_that_speak_to_one_go_with_what_they_leave_empty(written: str, left: str) -> None:
    assert without_personal(written) == left


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("Check your plan.", "Check your plan."),
        ("Check. Confirm by {{ deadline }}! Tell {{ place }}.", "Check. Tell {{ place }}."),
        ("Confirm by {{ deadline }}.", ""),
        ("وقت طے کریں۔ {{ deadline }} تک بتائیں۔", "وقت طے کریں۔"),
    ],
)  # fmt: skip
def test_of_a_line_the_sentences_go(written: str, left: str) -> None:
    assert for_anybody(written) == left


def test_every_form_of_an_impersonal_toolkit_is_so() -> None:
    said = " ".join(f"{{{{ {name} }}}}" for name in sorted(PERSONAL))
    channels = "".join(f"::: {one}\n## {one}\n{said}\n\nAll.\n:::\n" for one in toolkits.CHANNELS)
    text = (
        f"---\ntitle: A\nsummary: {said}\naction: {said}\ncontact: {said}\n"
        f"key_messages:\n  - {said}\n---\n{said}\n\nAll.\n\n{channels}"
    )
    told = toolkits.impersonal(toolkits.parse(text))

    assert told.meta.key_messages == ()
    assert (told.meta.summary, told.meta.action, told.meta.contact) == ("", "", "")
    sections = [toolkits.section(told, [], one) for one in (None, *toolkits.CHANNELS)]
    slides = [f"{one}" for one in toolkits.slides(told, [])]
    posts = [one.text for one in toolkits.social(told, [])]
    for one in (*sections, *slides, *posts, toolkits.sms(told, []), toolkits.text(told, [])):
        assert not speaks_to_one(one)
        assert "All." in one


_TEXTS = st.sampled_from(["words &amp; more", ORG, BY, AREA, "<em>a</em>", "<br>", ""])
_BLOCKS = st.recursive(
    st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["p", "h2", "h3", "li", "pre"]), _TEXTS),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(["ul", "ol", "li", "blockquote", "table", "tr", "td"]),
        st.lists(inner | _TEXTS, max_size=4),
    ),
)


@given(st.lists(_BLOCKS, max_size=6).map("".join))
def test_whatever_is_written_nothing_personal_is_left_and_it_stays_safe(html: str) -> None:
    safe = sanitise(html)
    # What stands wrongly in a table is moved out of it, and may be read differently after that.
    assume(sanitise(safe) == safe)
    left = without_personal(safe)

    assert not speaks_to_one(left)
    assert sanitise(left) == left
    assert without_personal(left) == left
    if not speaks_to_one(safe):
        assert left == safe
