"""Blocks as Markdown that reads back as the same blocks."""

import re
from collections.abc import Iterable, Iterator

from toolkits.formats.blocks import Block, Run

_SIGNS = re.compile(r"[\\`*_\[\]]")
_ENTITIES = re.compile(r"&(?=#?\w+;)|<")
_BEGINS = re.compile(r"^(?:[-+#>]|\d{1,9}(?=[.)])|•|:(?=::))")
_SHIFTS = {"sub": ("<sub>", "</sub>"), "sup": ("<sup>", "</sup>")}


def to_markdown(blocks: Iterable[Block], *, top: int = 2) -> str:
    """The blocks as Markdown, highest headings at the level `top`; ends without a newline."""
    blocks = tuple(blocks)
    highest = min((block.level for block in blocks if block.kind == "heading"), default=1)
    lines: list[str] = []
    before: Block | None = None
    for block in blocks:
        together = before and before.kind == block.kind == "item"
        if before is not None and not together:
            lines.append(">" if before.quoted and block.quoted else "")
        lines += _lines(block, top - highest)
        before = block
    return "\n".join(lines)


def heading(text: str, level: int = 1) -> str:
    """A title as Markdown."""
    return f"{'#' * level} {_escaped(' '.join(text.split()))}"


def _lines(block: Block, shift: int) -> Iterator[str]:
    quote = "> " if block.quoted else ""
    inner = "  " * max(0, block.level - 1)
    match block.kind:
        case "heading":
            written = [f"{'#' * min(6, block.level + shift)} {_runs(block.runs)}"]
        case "item":
            bullet = "-" if block.number is None else f"{block.number}."
            first, *rest = _text(block.runs)
            indent = " " * (len(bullet) + 1)
            written = [f"{inner}{bullet} {first}", *(f"{inner}{indent}{line}" for line in rest)]
        case "pre":
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", block.text)), default=0))
            written = [fence, *block.text.split("\n"), fence]
        case "rule":
            written = ["---"]
        case "table":
            written = list(_table(block))
        case _:
            written = [("  " * block.level) + line for line in _text(block.runs)]
    yield from (f"{quote}{line}" if line else quote.rstrip() for line in written)


def _table(block: Block) -> Iterator[str]:
    width = max(map(len, block.rows))
    rows = [[_cell(cell) for cell in row] for row in block.rows]
    # Markdown knows no table without a head.
    rows = rows if block.headed else [[""] * width, *rows]
    for number, row in enumerate(rows):
        yield f"| {' | '.join([*row, *[''] * (width - len(row))])} |"
        if number == 0:
            yield f"| {' | '.join(['---'] * width)} |"


def _cell(runs: Iterable[Run]) -> str:
    return _runs(runs).replace("  \n", "<br>").replace("|", "\\|")


def _text(runs: Iterable[Run]) -> list[str]:
    """Lines that begin nothing: no list, no heading, no quote, no fence."""
    return [_BEGINS.sub(_plain_beginning, line) for line in _runs(runs).split("\n")]


def _plain_beginning(found: re.Match[str]) -> str:
    sign = found[0]
    if sign.isdigit():
        return f"{sign}\\"
    return f"&#{ord(sign)};" if sign in "•:" else f"\\{sign}"


def _runs(runs: Iterable[Run]) -> str:
    return "".join(map(_run, runs))


def _run(run: Run) -> str:
    if run.picture:
        return f"![{_escaped(run.text)}]({run.picture})"
    if run.code:
        marks = "`" * (1 + max(map(len, re.findall("`+", run.text)), default=0))
        space = " " if run.text[:1] == "`" or run.text[-1:] == "`" else ""
        text = f"{marks}{space}{run.text}{space}{marks}"
    else:
        text = _escaped(run.text).replace("\n", "  \n")
    before, text, after = _bare(text)
    if text and not run.code:
        if run.shift:
            text = text.join(_SHIFTS[run.shift])
        text = f"*{text}*" if run.em else text
        text = f"**{text}**" if run.strong else text
    if text and run.link:
        text = f"[{text}]({run.link})"
    return before + text + after


def _bare(text: str) -> tuple[str, str, str]:
    """Blanks around emphasis stand outside of its signs, or they are no signs."""
    inner = text.strip(" ")
    at = text.index(inner) if inner else len(text)
    return text[:at], inner, text[at + len(inner) :]


def _escaped(text: str) -> str:
    text = _SIGNS.sub(r"\\\g<0>", text)
    return _ENTITIES.sub(lambda found: "&lt;" if found[0] == "<" else "&amp;", text)
