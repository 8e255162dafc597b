"""Every element, attribute and CSS feature of a message works in the mail programs people have."""

import json
import re
from collections.abc import Mapping

import pytest
from lxml import html as lxml_html

from tests.cascade.sending.mail import DATA, compiled, html, mail, toolkit

SUPPORT: Mapping[str, Mapping[str, str]] = json.loads(
    (DATA / "email_features.json").read_text(encoding="utf-8")
)["features"]

FEATURE = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "html-h1-h6"),
    **dict.fromkeys(("table", "thead", "tbody", "tr", "td", "th"), "html-table"),
    **dict.fromkeys(("ul", "ol", "li"), "html-lists"),
    **{name: f"html-{name}" for name in ("body", "blockquote", "code", "div", "hr", "img", "p")},
    **{name: f"html-{name}" for name in ("pre", "strong", "style")},
    **{f"@{name}": f"html-{name}" for name in ("align", "cellpadding", "cellspacing", "dir")},
    **{f"@{name}": f"html-{name}" for name in ("lang", "role", "valign", "width", "style")},
    **{f"{name}:": f"css-{name}" for name in ("background-color", "border", "border-collapse")},
    **{f"{name}:": f"css-{name}" for name in ("border-radius", "color-scheme", "display")},
    **{f"{name}:": f"css-{name}" for name in ("font-size", "font-weight", "height")},
    **{f"{name}:": f"css-{name}" for name in ("line-height", "margin", "max-width", "padding")},
    **{f"{name}:": f"css-{name}" for name in ("text-align", "text-decoration", "vertical-align")},
    **{f"{name}:": f"css-{name}" for name in ("white-space", "width", "word-break")},
    **dict.fromkeys(("border-left:", "border-right:", "border-top:"), "css-border"),
    "border-color:": "css-border",
    "font-family:": "css-font",
    "padding-left:": "css-padding",
    "padding-right:": "css-padding",
    "display:none": "css-display-none",
    "!important": "css-important",
    "px": "css-unit-px",
    "%": "css-unit-percent",
    "@media": "css-at-media",
    "prefers-color-scheme": "css-at-media-prefers-color-scheme",
    "meta color-scheme": "html-meta-color-scheme",
    "mailto:": "html-mailto-links",
    "<!--": "html-comments",
    "<!doctype": "html-doctype",
}
"""The caniemail feature that each thing in a message is an example of."""

OLDER_THAN_THE_TABLES = {
    *("html", "head", "title", "meta", "a", "br", "em", "sub", "sup"),
    *("@href", "@src", "@alt", "@title", "@rel", "@class", "@start", "@border", "@bgcolor"),
    *("@scope", "@charset", "@name", "@content", "@xmlns", "@xmlns:o", "color:"),
}
"""What every HTML mail program has always had, and what only names or describes."""

FOR_OUTLOOK_ALONE = {"mso-padding-alt:"}

PARTLY = {
    "html-dir": "buggy on links only; none has it",
    "html-align": "left and right fail on tables only; ours stand on cells",
    "html-lists": "no `reversed` and no `value` is used",
    "html-width": "percentages and pixels on tables work",
    "css-border": "1 and 4 pixels; up to 8 work, and on cells where it matters",
    "css-display": "`inline-block` of the button is made up for by mso-padding-alt",
    "css-font-size": "pixels work",
    "css-font-weight": "`bold` works",
    "css-height": "`auto` on pictures is their own height",
    "css-line-height": "pixels work well enough",
    "css-margin": "positive values on paragraphs, lists and headings work",
    "css-max-width": "works on tables; pictures wider than the page are the writer's to mend",
    "css-padding": "works on cells; lists have their own indent",
    "css-text-align": "left, right and center work",
    "css-text-decoration": "`underline` and `none` work",
    "css-width": "works on tables",
}
"""Supported in part, by some: why what we use of it is in the part that works."""

ENHANCEMENTS = {
    "html-body": "its colour stands on the outer table too",
    "html-doctype": "where it is dropped, tables carry the layout all the same",
    "html-role": "a reader of Windows Mail hears of tables",
    "html-style": "everything but dark mode and phone sizes is inline",
    "html-meta-color-scheme": "without it the program darkens by itself, or not at all",
    "css-color-scheme": "the same",
    "css-at-media": "without it titles and margins are a little large on phones",
    "css-at-media-prefers-color-scheme": "without it the program darkens by itself, or not at all",
    "css-important": "stands in the head alone, beside media queries",
    "css-border-radius": "square corners are fine",
    "css-display-none": "one Gmail shows the first line of the message twice",
    "css-white-space": "a long line of code is cut or scrolls",
    "css-word-break": "a long address may widen the page",
}
"""Missing somewhere: what happens there."""

EVERYTHING = """
### Third
#### Fourth
##### Fifth
###### Sixth

*Emphasis*, **strong**, `code`, H<sub>2</sub>O, m<sup>2</sup>, first<br>second

---

```
a long line of code
```

3. Three
4. Four

[A link](https://example.org "with a title") ![A picture](https://example.org/a.png "titled")

| Left | Right |
| :--- | ---: |
| 1 | 2 |
"""


def _used(page: str) -> set[str]:
    tree = lxml_html.document_fromstring(page)
    elements = [each for each in tree.iter() if isinstance(each.tag, str)]
    css = ";".join([*tree.xpath("//@style"), *tree.xpath("//style/text()")])
    used = {each.tag for each in elements}
    used |= {f"@{name}" for each in elements for name in each.attrib}
    used |= {f"{name}:" for name in re.findall(r"(?:^|[;{\s])([a-z-]+)\s*:(?!\w+\()", css)}
    used |= {f"meta {name}" for name in tree.xpath("//meta/@name") if f"meta {name}" in FEATURE}
    used |= {unit for unit in re.findall(r"\d(px|%|em|rem|vw|pt|ch)\b|\d(%)", css) for unit in unit}
    used |= {one for one in ("!important", "@media", "prefers-color-scheme") if one in css}
    used |= {one for one in ("<!--", "mailto:", "<!doctype") if one in page.lower()}
    used |= {"display:none"} if re.search(r"display:\s*none", css) else set()
    return used - {"", "prefers-color-scheme:", "max-width"}


PAGES = [
    html(mail(compiled(toolkit("cold-snap") + EVERYTHING, exercise=True))),
    html(mail(compiled(toolkit("flu-jab.ur") + EVERYTHING))),
]
USED = set.union(*map(_used, PAGES)) - OLDER_THAN_THE_TABLES - FOR_OUTLOOK_ALONE


@pytest.mark.parametrize("thing", sorted(USED))
def test_what_a_message_uses_works_or_is_an_enhancement(thing: str) -> None:
    assert thing in FEATURE, f"look up {thing} at caniemail.com before using it"
    feature = FEATURE[thing]
    lacking = {name: how for name, how in SUPPORT[feature].items() if how != "y"}
    if any(how in ("n", "u") for how in lacking.values()):
        assert feature in ENHANCEMENTS, (feature, lacking)
    elif lacking:
        assert feature in PARTLY | ENHANCEMENTS, (feature, lacking)


def test_the_tables_hold_only_what_is_used() -> None:
    features = {FEATURE[thing] for thing in USED}
    assert set(FEATURE) == USED
    assert set(SUPPORT) == features
    assert features >= set(PARTLY) | set(ENHANCEMENTS)


def test_programs_of_every_family_were_looked_at() -> None:
    programs = set.intersection(*(set(each) for each in SUPPORT.values()))
    assert {name.split()[0] for name in programs} == {
        "apple-mail",
        "gmail",
        "outlook",
        "samsung-email",
    }
    assert {"outlook windows", "outlook outlook-com", "gmail android"} <= programs
