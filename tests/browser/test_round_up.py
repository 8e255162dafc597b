"""Two weeks of a cell: six toolkits, two issues of a bulletin, and a group that passes one on."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from cascade.accounts.users import Person
from tests.awaiting import awaited
from tests.browser.axe import check
from tests.browser.chromium import faultless, opened_in
from tests.browser.round_up import ITEMS, MONDAY, County, round_up, wanted
from tests.cascade.reposts.sites import page as answer
from tests.cascade.reposts.sites import site

CUT_OFF = {1: MONDAY + timedelta(days=7, hours=3), 2: MONDAY + timedelta(days=21, hours=3)}
"""An hour after the clock has closed an issue."""
GOES_OUT = {number: when + timedelta(hours=23, minutes=1) for number, when in CUT_OFF.items()}
IN = {
    1: (["Flu", "Beds", "Heat"], ["Flu", "Heat", "Beds"]),
    2: (["Norovirus", "Training", "Hours"], ["Norovirus", "Hours", "Training"]),
}
"""What the clock collects for each issue, and the order that the author gives it."""
FOR_ALL = {1: "Summary of heat.", 2: "Summary of hours."}
GROUP = "Friends of Oakham"


@pytest.fixture
def county(sqlite_url: str) -> Iterator[County]:
    with round_up(sqlite_url) as filled:
        yield filled


@pytest.fixture
def pages(browser: Browser) -> Iterator[list[Page]]:
    """Browsers of the author, the approver and the group."""
    with ExitStack() as stack:
        there = []
        for _ in range(3):
            page = stack.enter_context(opened_in(browser)).new_page()
            stack.enter_context(faultless(page))
            there.append(page)
        yield there


def sit_down(page: Page, county: County, who: Person) -> None:
    county.sign_in(page.context, who)
    page.goto(county.base)


def press(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=name).click()


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("link", name=name).first.click()


def holds(page: Page, names: list[str]) -> None:
    """These are in the issue, in this order."""
    expect(page.locator("[data-list] .app-item__title a")).to_have_text(names)


def collected(county: County, number: int) -> None:
    """Days go by on which toolkits are approved, until the clock closes the issue."""
    for name, due in ITEMS.items():
        day = MONDAY + timedelta(days=due.day)
        if county.clock() <= day + timedelta(minutes=1) < CUT_OFF[number]:
            county.clock.put_to(day + timedelta(minutes=1))
            county.approve(name)
    county.clock.put_to(CUT_OFF[number])
    awaited(lambda: county.stands(number) == "closed")


def meet(page: Page, number: int) -> None:
    """A page that is met for the first time has no barriers."""
    if number == 1:
        check(page)


def arranged(page: Page, county: County, number: int) -> None:
    """The author finds it from their first page, moves an item up, and submits it."""
    sit_down(page, county, county.author)
    follow(page, "Bulletins")
    meet(page, number)
    follow(page, "The round-up")
    meet(page, number)
    follow(page, f"Issue {number}")
    meet(page, number)
    collected, moved = IN[number]
    holds(page, collected)
    page.get_by_role("button", name=f"Up {collected[-1]}").click()
    holds(page, moved)
    expect(page.get_by_role("button", name=f"Up {collected[-1]}")).to_be_focused()
    press(page, "Submit this issue")
    expect(page.locator("main")).to_contain_text("Waiting for approval")
    meet(page, number)


def approved(page: Page, county: County, number: int) -> None:
    """Somebody else finds it on their own first page, reads what was submitted, and approves."""
    sit_down(page, county, county.approver)
    follow(page, re.compile("The round-up"))
    meet(page, number)
    expect(page.locator("main")).to_contain_text("Approve")
    press(page, "Approve this text")
    expect(page.locator("main")).to_contain_text("Approved")


def gone(county: County, number: int) -> None:
    """Its time comes, it goes out by the clock, and is what the author made of it."""
    county.clock.put_to(GOES_OUT[number])
    awaited(lambda: len(county.mails(FOR_ALL[number])) == 10)
    *_, first, second = (f"Summary of {name.lower()}." for name in IN[number][1])
    there = county.mails(second).values()
    assert there
    assert all(one.index(first) < one.index(second) for one in there)
    # The next one opens by itself.
    county.clock.put_to(GOES_OUT[number] + timedelta(hours=1))
    awaited(lambda: county.stands(number + 1) == "collecting")


def aimed(page: Page, county: County) -> None:
    """The author says how many groups should use a toolkit."""
    sit_down(page, county, county.author)
    page.goto(f"{county.base}/reposts/of/flu")
    page.get_by_label("Groups").fill("2")
    press(page, "Set the target")
    expect(page.locator("main")).to_contain_text("0 of 2 groups")
    check(page)


def taken(page: Page, county: County) -> str:
    """The group opens the library, finds the kit, fills in its name and copies an article."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=county.base)
    page.goto(county.base + "/library")
    check(page)
    follow(page, "Flu")
    check(page)
    press(page, "Use this")
    check(page)
    page.get_by_label("Name of your group").fill(GROUP)
    press(page, "Fill in everything on this page")
    press(page, "Copy Newsletter article, 50 words")
    expect(page.get_by_role("status")).to_have_text("Newsletter article, 50 words, copied")
    return str(page.evaluate("navigator.clipboard.readText()"))


def told(page: Page, address: str) -> None:
    """The group says where it was used."""
    follow(page, "Tell us where you used it")
    check(page)
    page.get_by_label("Your group or organisation").fill(GROUP)
    page.get_by_label("A newsletter").check()
    page.get_by_label("Address of the page").fill(address)
    page.get_by_label("When?").fill("2026-12-02")
    page.get_by_label("About how many people").fill("120")
    press(page, "Send")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    check(page)


def shown(page: Page, county: County) -> None:
    """What the checker saw is evidence, and moves the toolkit's target."""
    sit_down(page, county, county.author)
    follow(page, "Reposts")
    row = page.get_by_role("row", name=GROUP)
    expect(row).to_contain_text("Seen by us")
    check(page)
    row.get_by_role("link", name=GROUP).click()
    expect(page.locator("blockquote")).to_contain_text("free flu jab")
    check(page)
    follow(page, "Flu")
    expect(page.locator("main")).to_contain_text("1 of 2 groups, 1 of them seen by us")


def test_six_toolkits_reach_each_reader_once_and_a_group_passes_one_on(
    county: County, pages: list[Page]
) -> None:
    author, approver, group = pages
    for number in (1, 2):
        collected(county, number)
        arranged(author, county, number)
        approved(approver, county, number)
        gone(county, number)
    with county.database.reading() as session:
        expected = wanted(session)
    assert county.received() == Counter(expected)
    aimed(author, county)
    with site() as club:
        words = taken(group, county)
        assert f"From {GROUP}" in words
        club.answers["/news"] = answer(words.encode(), kind="text/plain; charset=utf-8")
        told(group, club.at("/news"))
        awaited(lambda: county.graded(GROUP) == "seen")
    shown(author, county)
