"""Blocks as HTML that survives being pasted: plain elements, no classes, no styles, no scripts."""

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby

from toolkits.formats.blocks import Block, Run
from toolkits.headings import Levels
from toolkits.languages import direction


def to_html(blocks: Iterable[Block], *, top: int = 2) -> str:
    """The blocks as HTML whose highest headings are `h2`, or what `top` says."""
    html = "\n".join(_Writer(top).lines(tuple(blocks)))
    return html.replace("\n</li>", "</li>")  # or the blank is pasted with the item


def in_language(html: str, language: str) -> str:
    """What is written from right to left says so wherever it is pasted."""
    if direction(language) == "ltr":
        return html
    return f'<div dir="rtl" lang="{escape(language)}">\n{html}\n</div>'


def runs_html(runs: Iterable[Run]) -> str:
    """Words in their styles."""
    parts = []
    for link, linked in groupby(runs, key=lambda run: run.link):
        html = "".join(map(_run, linked))
        parts.append(f'<a href="{escape(link)}">{html}</a>' if link else html)
    return "".join(parts)


def _run(run: Run) -> str:
    if run.picture:
        return f'<img src="{escape(run.picture)}" alt="{escape(run.text)}">'
    html = escape(run.text, quote=False).replace("\n", "<br>")
    wrapped = (("code", run.code), (run.shift, run.shift), ("em", run.em), ("strong", run.strong))
    for tag, is_so in wrapped:
        if is_so:
            html = f"<{tag}>{html}</{tag}>"
    return html


class _Writer:
    """Opens and closes the lists and quotes that flat blocks stand in."""

    def __init__(self, top: int) -> None:
        self._levels = Levels(top)
        self._lists: list[str] = []
        self._quoted = False

    def lines(self, blocks: tuple[Block, ...]) -> Iterator[str]:
        for block in blocks:
            yield from self._close(0 if block.kind == "heading" else block.level)
            if block.quoted != self._quoted and not self._lists:
                yield "<blockquote>" if block.quoted else "</blockquote>"
                self._quoted = block.quoted
            if block.kind == "item":
                yield from self._item(block)
            else:
                yield self._block(block)
        yield from self._close(0)
        if self._quoted:
            yield "</blockquote>"

    def _close(self, depth: int) -> Iterator[str]:
        """Ends the lists that are deeper."""
        while len(self._lists) > depth:
            yield f"</li></{self._lists.pop()}>"

    def _item(self, block: Block) -> Iterator[str]:
        tag = "ul" if block.number is None else "ol"
        if len(self._lists) == block.level and (block.begins or self._lists[-1] != tag):
            yield f"</li></{self._lists.pop()}>"
        elif len(self._lists) == block.level:
            yield "</li>"
        while len(self._lists) < block.level:
            is_last = len(self._lists) == block.level - 1
            self._lists.append(tag if is_last else "ul")
            start = f' start="{block.number}"' if is_last and (block.number or 1) != 1 else ""
            yield f"<{self._lists[-1]}{start}>" + ("" if is_last else "<li>")
        yield f"<li>{runs_html(block.runs)}"

    def _block(self, block: Block) -> str:
        match block.kind:
            case "heading":
                level = self._levels.next(block.level)
                return f"<h{level}>{runs_html(block.runs)}</h{level}>"
            case "pre":
                return f"<pre>{escape(block.text, quote=False)}</pre>"
            case "rule":
                return "<hr>"
            case "table":
                return _table(block)
        return f"<p>{runs_html(block.runs)}</p>"


def _table(block: Block) -> str:
    rows = []
    for number, row in enumerate(block.rows):
        tag = "th" if block.headed and number == 0 else "td"
        rows.append("<tr>" + "".join(f"<{tag}>{runs_html(cell)}</{tag}>" for cell in row) + "</tr>")
    return "<table>\n" + "\n".join(rows) + "\n</table>"
