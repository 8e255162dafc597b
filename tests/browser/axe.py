"""What axe finds on a page, and whether the page fits a small phone."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from tests.browser.chromium import WIDE

SMALL: ViewportSize = {"width": 320, "height": 640}
"""A small phone; the same as 1,280 pixels at 400%."""
_FIND = """async () => {
  // Of WCAG 2.2; axe leaves it out unless it is asked.
  const rules = { "target-size": { enabled: true } };
  const found = await axe.run({ resultTypes: ["violations"], rules });
  const nodes = (one) => one.nodes.map((node) => node.html);
  return found.violations.map((one) => `${one.id}: ${nodes(one)}`);
}"""


def barriers(page: Page) -> list[str]:
    """What WCAG 2.2 AA and good practice forbid, each with where it is."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(Axe().axe_script)
    found: list[str] = page.evaluate(_FIND)
    return found


def check(page: Page) -> None:
    """No barrier, wide and narrow; nothing to be scrolled sideways where it is narrow."""
    for size in (WIDE, SMALL):
        page.set_viewport_size(size)
        found = barriers(page)
        assert found == [], found
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= SMALL["width"], f"{width} pixels wide"
