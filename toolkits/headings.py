"""Levels of headings in a text that is put together: none is skipped (WCAG, technique G141)."""

import re

_DEEPEST = 6
# Other tags are taken whole, so that nothing in an attribute counts as a heading.
_TAG = re.compile(r'<(/?)h([1-6])(?=[ >])|<[^"<>]*(?:"[^"]*"[^"<>]*)*>')


class Levels:
    """Gives each heading of a text, one after the other, the level that it stands at.

    The first is at `top`, one that was meant deeper than the one before stands one deeper, one
    that was meant as deep as an earlier one stands beside that.
    """

    def __init__(self, top: int = 2) -> None:
        self._top = top
        self._open: list[int] = []
        self._level = top

    def next(self, meant: int) -> int:
        while self._open and self._open[-1] >= meant:
            self._open.pop()
        self._open.append(meant)
        self._level = min(self._top + len(self._open) - 1, _DEEPEST)
        return self._level

    def settle(self, html: str) -> str:
        """Safe HTML with its headings at their levels; more of the same text may follow."""
        return _TAG.sub(self._tag, html)

    def _tag(self, found: re.Match[str]) -> str:
        if not found[2]:
            return found[0]
        return f"</h{self._level}" if found[1] else f"<h{self.next(int(found[2]))}"
