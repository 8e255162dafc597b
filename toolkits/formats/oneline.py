"""One line of Markdown, such as a title or a key message, as inline HTML or as plain text."""

from functools import lru_cache
from html import escape
from xml.etree.ElementTree import Element

from toolkits import guards, markup, slots
from toolkits.cleaning import without_hidden
from toolkits.layout import Line
from toolkits.plaintext import to_text
from toolkits.sanitising import sanitise_inline


@lru_cache(maxsize=1_000)
def inline(markdown: str) -> str:
    """The line as safe HTML without blocks or pictures, slots as marks."""
    line = " ".join(without_hidden(markdown).split())
    marked = slots.put_marks(line.replace(slots.PREFIX, ""))
    if guards.objection([Line(1, marked)]):
        return escape(marked, quote=False)
    return sanitise_inline(_convert(marked)).strip()


def plain(markdown: str) -> str:
    """The line as plain text, addresses beside their links, slots as marks."""
    return to_text(inline(markdown)).replace("\n", " ")


def _convert(line: str) -> str:
    md = markup.markdown(_ignore_tree, _ignore_tag)
    for block in ("hashheader", "hr", "olist", "ulist", "quote", "table", "indent"):
        md.parser.blockprocessors.deregister(block)
    try:
        return md.convert(line)
    except Exception:  # as for whole sections: shown as it was typed
        return escape(line, quote=False)


def _ignore_tree(root: Element) -> None:
    """Nothing is looked for in a single line."""


def _ignore_tag(tag: str) -> None:
    """Tags are dropped; the checks report them."""
