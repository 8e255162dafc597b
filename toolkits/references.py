"""Link references, `[label]: https://… "Title"`: taken out of the text before it is rendered."""

import re
from collections.abc import Iterable

from toolkits.comments import CodeFence
from toolkits.slots import put_marks

# By label: the address and the title ("" for none).
References = dict[str, tuple[str, str]]
Reference = tuple[str, tuple[str, str]]

_REFERENCE = re.compile(
    r" {0,3}\[(?P<label>[^\[\]]{1,200})\]:[ \t]{0,20}<?(?P<address>[^\s<>]{1,2000})>?"
    r"""(?:[ \t]{1,20}["'(](?P<title>[^"')]{0,300})["')])?[ \t]*"""
)


def take(markdown: str) -> tuple[str, References]:
    """The text with its references blanked, and the references by label; the first one counts."""
    found: References = {}
    code, kept = CodeFence(), []
    for line in markdown.split("\n"):
        match = None if code.takes(line) else _REFERENCE.fullmatch(put_marks(line))
        if match:
            label = " ".join(match["label"].lower().split())
            found.setdefault(label, (match["address"], match["title"] or ""))
        kept.append("" if match else line)
    return "\n".join(kept), found


def gather(texts: Iterable[str]) -> References:
    """The references of several sections together."""
    found: References = {}
    for text in texts:
        for label, target in take(text)[1].items():
            found.setdefault(label, target)
    return found
