"""Forms that know what somebody saw when they began, so that nobody's change is written over."""

from typing import Self

from wtforms import HiddenField

from cascade.web.account_forms import AccountForm


class SeenForm(AccountForm):
    """A form that knows how what it changes was when it was shown."""

    seen = HiddenField()

    def said(self, name: str) -> str:
        """What a field says, as people read it."""
        return self[name].data or ""

    def taken_over(self, now: Self) -> list[tuple[str, str, str]]:
        """Label, what stands there now and what was typed, where they differ.

        The form then knows of the change: who sends it again means it.
        """
        differ = [
            (field.label.text.removesuffix(" (optional)"), now.said(field.name), said)
            for field in self
            if field.name != "seen" and (said := self.said(field.name)) != now.said(field.name)
        ]
        self.seen.data = now.seen.data
        return differ
