"""Email addresses on narrow screens: where a line may end in them."""

import re

from markupsafe import Markup, escape

_SPACES = re.compile(r"(\s+)")
_DOT = re.compile(r"\.(?=\w)")


def breakable(text: str) -> Markup:
    """A text in whose addresses a line may end after the @ and before a dot; copied, it is as it
    was."""
    return Markup("").join(_broken(one) if "@" in one else one for one in _SPACES.split(text))


def _broken(address: str) -> Markup:
    # What is escaped holds no @ and no dot, so nothing of it is cut in two.
    safe = str(escape(address)).replace("@", "@<wbr>")
    return Markup(_DOT.sub("<wbr>.", safe))
