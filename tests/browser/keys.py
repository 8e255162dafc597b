"""Somebody who has a keyboard and no mouse; what they press is written down."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from tests.awaiting import awaited

_MOST = 120
"""Tabs before something counts as out of reach."""
_FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const named = one.labels && one.labels.length ? one.labels[0].innerText : "";
  const words = one.getAttribute("aria-label") || named || one.innerText || one.title || "";
  const box = one.closest(".nhsuk-radios__item, .nhsuk-checkboxes__item");
  const place = (box || one).getBoundingClientRect();
  // The yellow of the NHS, or the ring that the browser draws. A transparent outline is for
  // windows in high contrast; the shadow below a button is there without the focus too.
  const marked = (of) => of.outlineStyle === "auto"
    || `${of.backgroundColor} ${of.boxShadow} ${of.outlineColor}`.includes("255, 235, 59");
  const parts = [getComputedStyle(one)];
  if (box) parts.push(getComputedStyle(box.querySelector("label"), "::before"));
  return {
    name: words.trim().replace(/\\s+/g, " ").slice(0, 80) || one.id || one.tagName.toLowerCase(),
    kind: one.getAttribute("role") || one.type || one.tagName.toLowerCase(),
    seen: one.tagName === "IFRAME" || parts.some(marked),
    inside: place.bottom > 0 && place.top < innerHeight,
  };
}"""


@dataclass(slots=True)
class Keys:
    """A page, and the keys pressed on it."""

    page: Page
    who: str
    steps: list[str] = field(default_factory=list)

    def open(self, address: str, what: str) -> None:
        """Come to a page by its address, as by a link in a mail."""
        self.page.goto(address)
        self.steps.append(f"opens: {what}")

    def press(self, *keys: str) -> "Keys":
        """Press them one after the other; where the focus then is, it is to be seen."""
        for key in keys:
            if key == "Enter":  # may lead to another page
                self.steps.append(f"Enter on {self._focused()['name']}")
            self.page.keyboard.press(key)
            if key != "Enter":
                self._note(key)
        return self

    def type(self, words: str) -> "Keys":
        self.page.keyboard.type(words)
        self.steps.append(f"types into “{self._focused()['name']}”")
        return self

    def to(self, name: str | re.Pattern[str], among: str = "") -> "Keys":
        """Press Tab until something of that name has the focus, which is never lost on the way."""
        pressed = 0
        while not self._is_at(name, among):
            assert pressed < _MOST, f"Tab never comes to {name}"
            self.page.keyboard.press("Tab")
            pressed += 1
            self._is_seen()
        self._note(f"Tab × {pressed}" if pressed != 1 else "Tab")
        return self

    def expect(self, name: str) -> "Keys":
        """Something of that name has the focus."""
        awaited(lambda: self._is_at(name))
        return self

    def skip(self) -> None:
        """The first Tab leads to the link that skips the menu, and that into the page."""
        self.page.evaluate("document.activeElement.blur()")
        self.press("Tab").expect("Skip to main content").press("Enter")

    def is_told(self, words: str) -> None:
        """What is wrong has taken the focus, and says so."""
        summary = self.page.locator(".nhsuk-error-summary")
        expect(summary).to_contain_text(words)
        expect(summary).to_be_focused()
        self.steps.append(f"is told: “{words}”; the summary of what is wrong has the focus")

    def sees(self, words: str) -> None:
        expect(self.page.locator("main")).to_contain_text(words)
        self.steps.append(f"sees: “{words}”")

    def told(self) -> list[str]:
        """What was written down."""
        numbered = [f"{number}. {step}" for number, step in enumerate(self.steps, 1)]
        return ["", f"## {self.who}", "", *numbered]

    def _focused(self) -> dict[str, str]:
        found: dict[str, str] | None = self.page.evaluate(_FOCUSED)
        # Past the last field a browser leaves the page; from there it begins again.
        return found or {"name": "the page", "kind": "page", "seen": "yes", "inside": "yes"}

    def _is_at(self, name: str | re.Pattern[str], among: str = "") -> bool:
        focused = self._focused()
        if among == "link" and focused["kind"] != "a":
            return False
        if isinstance(name, re.Pattern):
            return bool(name.search(focused["name"]))
        return focused["name"].startswith(name)

    def _is_seen(self) -> dict[str, str]:
        focused = self._focused()
        # What takes the focus is scrolled to, which a busy browser does a moment later.
        for _ in range(20):
            if focused["inside"]:
                break
            self.page.wait_for_timeout(50)
            focused = self._focused()
        assert focused["seen"], f"{focused['name']} has the focus and doesn’t show it"
        assert focused["inside"], f"{focused['name']} has the focus, out of sight"
        return focused

    def _note(self, key: str) -> None:
        focused = self._is_seen()
        self.steps.append(f"{key} → {focused['name']} ({focused['kind']})")
