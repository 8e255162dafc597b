"""The HTML part as mail programs need it: tables, sizes, languages, colours."""

import re
from collections.abc import Iterator

import pytest
from lxml import etree
from lxml import html as lxml_html

from cascade.sending.states import Tier
from tests.cascade.sending.mail import compiled, html, mail, routine, toolkit

COLD_SNAP = toolkit("cold-snap")
PAGES = {
    "urgent": html(mail(compiled(COLD_SNAP, "care-homes", "pharmacies"))),
    "immediate": html(mail(compiled(COLD_SNAP, tier=Tier.IMMEDIATE))),
    "important exercise in Urdu": html(
        mail(compiled(toolkit("flu-jab.ur"), tier=Tier.IMPORTANT, exercise=True))
    ),
    "routine": html(mail(routine(toolkit("news")))),
}
every_page = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())


def _tree(page: str) -> etree._Element:
    return lxml_html.document_fromstring(page)


@every_page
def test_outlook_gets_tables_and_a_width(page: str) -> None:
    assert page.count("<!--[if mso]>") == 3
    assert re.search(r'<!--\[if mso\]><table role="presentation" width="600"', page)
    assert "<!--[if mso]></td></tr></table><![endif]-->" in page
    assert not re.search(r"flex|grid|background-image|position:|float:|<v:", page)


@every_page
def test_layout_tables_say_that_they_are_no_tables(page: str) -> None:
    layout = _tree(page).xpath("//table[not(ancestor::td[contains(@class, 'content')])]")
    assert len(layout) >= 4
    assert all(table.get("role") == "presentation" for table in layout)
    data = _tree(page).xpath("//td[contains(@class, 'content')]//table")
    assert all(table.get("role") is None for table in data)


@every_page
def test_headings_begin_with_one_and_leave_no_step_out(page: str) -> None:
    levels = [int(heading.tag[1]) for heading in _tree(page).xpath("//h1|//h2|//h3|//h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


@every_page
def test_the_button_is_a_coloured_cell_around_one_link(page: str) -> None:
    (cell,) = _tree(page).xpath("//td[contains(@class, 'button')]")
    (link,) = cell.xpath("a")
    assert cell.get("bgcolor") == "#007f3b"
    assert "mso-padding-alt" in cell.get("style")
    assert link.get("href").startswith("https://cascade.example.org/c/1f-")
    assert _tree(page).xpath(f"//a[text() = '{link.get('href')}']/@href") == [link.get("href")]


@every_page
def test_links_lead_where_they_say_and_nothing_is_loaded_but_pictures(page: str) -> None:
    tree = _tree(page)
    assert all(re.match(r"https://|mailto:", link) for link in tree.xpath("//@href"))
    assert all(link.startswith("https://") for link in tree.xpath("//@src"))
    assert not tree.xpath("//script|//link|//form|//iframe|//object|//input")
    assert all(image.get("alt") for image in tree.xpath("//img"))


def test_a_message_of_twenty_kilobytes_stays_under_the_size_that_gmail_cuts() -> None:
    paragraph = "Warm rooms keep people well, and a warm drink helps. " * 5
    long = COLD_SNAP + "\n\n".join([paragraph, "- One\n- Two\n- Three"] * 70)
    page = html(mail(compiled(long)))
    assert len(long) > 20_000
    assert len(page.encode()) < 102_000


def test_styles_are_inlined_and_media_queries_stay_in_the_head() -> None:
    page = PAGES["urgent"]
    head = page[: page.index("</head>")]
    assert "prefers-color-scheme: dark" in head
    assert "max-width: 480px" in head
    assert len(head) < 8_000
    assert "@media" not in page[page.index("</head>") :]
    assert all(p.get("style") for p in _tree(page).xpath("//p"))


def test_the_tier_and_the_deadline_are_words_at_the_top() -> None:
    page = re.sub(r"<[^>]+>", "", PAGES["urgent"].split("<body")[1])
    top = page[: page.index("Key messages")]
    assert "Urgent: please act on this today" in top
    assert "Confirm by Saturday 21 November 2026, 2:00pm" in top


def test_the_preheader_says_what_to_do() -> None:
    (hidden,) = _tree(PAGES["urgent"]).xpath("//body/div")
    assert hidden.get("style") == "display: none"
    assert hidden.text.startswith("Check the heating in every room today")


def test_a_right_to_left_message_is_mirrored_and_its_english_frame_is_not() -> None:
    tree = _tree(PAGES["important exercise in Urdu"])
    assert (tree.get("lang"), tree.get("dir")) == ("ur", "rtl")
    (card,) = tree.xpath("//table[@class='card']")
    assert card.get("dir") == "rtl"
    assert {cell.get("align") for cell in tree.xpath("//td[contains(@class, 'pad')]")} == {"right"}
    assert all("0 24px 0 0" in each.get("style") for each in tree.xpath("//ul|//ol"))
    assert "text-align:right" in tree.xpath("//th")[0].get("style")
    assert "border-right" in tree.xpath("//blockquote")[0].get("style")
    for words in ("Key messages", "If you cannot open links"):
        (heading,) = tree.xpath(f"//h2[text() = '{words}']")
        frame = heading.xpath("ancestor-or-self::*[@lang][1]")[0]
        assert (frame.get("lang"), frame.get("dir")) == ("en-GB", "ltr")
    assert tree.xpath("//td[contains(@class, 'content')]/ancestor-or-self::*[@lang]") == [tree]


def test_an_english_message_says_its_language_once() -> None:
    assert _tree(PAGES["urgent"]).xpath("//@lang") == ["en"]


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _nearest(element: etree._Element, name: str, default: str) -> str:
    for each in (element, *element.iterancestors()):
        found = re.search(rf"(?:^|;)\s*{name}:\s*(#[0-9a-f]+)", each.get("style") or "")
        if found:
            return found[1]
    return default


def _coloured_words(tree: etree._Element) -> Iterator[tuple[str, str, str]]:
    for element in tree.xpath("//body//*[normalize-space(text())]"):
        if "display: none" not in (element.get("style") or ""):
            colours = (_nearest(element, name, "#000000") for name in ("color", "background-color"))
            yield element.text, *colours


@every_page
def test_words_stand_out_from_their_background(page: str) -> None:
    words = list(_coloured_words(_tree(page)))
    assert len(words) > 15
    for text, colour, background in words:
        assert _contrast(colour, background) >= 4.5, (text, colour, background)


# What stands on what in the dark: the classes of `head.css`.
DARK = {
    "text": ("#f0f4f5", "#1d252c"),
    "small text": ("#c3ced6", "#1d252c"),
    "links": ("#8cc4ff", "#1d252c"),
    "text in the box": ("#f0f4f5", "#12304d"),
    "links in the box": ("#8cc4ff", "#12304d"),
    "table headings": ("#f0f4f5", "#2b3740"),
}


@pytest.mark.parametrize(("colour", "background"), DARK.values(), ids=DARK.keys())
def test_words_stand_out_in_the_dark(colour: str, background: str) -> None:
    head = PAGES["urgent"][: PAGES["urgent"].index("</head>")]
    assert f"color: {colour}" in head
    assert f"background-color: {background}" in head
    assert _contrast(colour, background) >= 4.5
