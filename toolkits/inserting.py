"""Puts tables into a document: their rows as Markdown in which every cell stays the text it is."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from toolkits import slots
from toolkits.cleaning import without_hidden
from toolkits.documents import Document, Section
from toolkits.tables import Table, TableQuery, chosen, missing, position

NOTHING = "Nothing is listed for your area."
NOTHING_YET = "Nothing is listed yet."
NOT_THERE = "This list cannot be shown at the moment."
MOST_ROWS = 300
"""Of a table in a message: more is a file, not a message."""

_PLAIN = re.compile(r"[^A-Za-z0-9 \u00a0-\U0010ffff]")
_LARGEST_TABLE = 30_000  # characters of Markdown; longer ones go on in another table
_LONGEST_ROW = 9_000
_MOST_COLUMNS = 30
Rows = Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Block:
    """What differs by recipient, and where it stands: `section` is what no row fits for."""

    number: int
    query: TableQuery
    table: Table
    section: Section


def expanded(document: Document, tables: Iterable[Table]) -> Document:
    """The document for nobody in particular: what a recipient chooses by is shown for all."""
    known = {one.name: one for one in tables}
    sections = [
        _fixed(section, _for_all(section.table), known) if section.table else section
        for section in document.sections
    ]
    return replace(document, sections=tuple(sections))


def with_blocks(document: Document, tables: Iterable[Table]) -> tuple[Document, tuple[Block, ...]]:
    """The document with a mark for each table of the message that differs by recipient."""
    known = {one.name: one for one in tables}
    sections, blocks = [], list[Block]()
    for section in document.sections:
        query = section.table
        if query is None:
            sections.append(section)
        elif section.channel is None and query.slots and _fits(query, known):
            block = Block(len(blocks) + 1, query, known[query.name], _fallback(section, NOTHING))
            blocks.append(block)
            mark = slots.mark(slots.block(block.number))
            sections.append(replace(section, markdown=mark, table=None))
        else:
            sections.append(_fixed(section, _for_all(query), known))
    return replace(document, sections=tuple(sections)), tuple(blocks)


def shown(block: Block, rows: Rows) -> Section:
    """The section that stands in a block for these rows; without any, what is said instead."""
    if not rows:
        return block.section
    return replace(block.section, markdown=markdown(block.table, block.query, rows))


def only(document: Document, section: Section) -> Document:
    """A document that is nothing but this section, for everybody."""
    return replace(
        document, sections=(replace(section, channel=None, include=None, exclude=frozenset()),)
    )


def markdown(table: Table, query: TableQuery, rows: Rows) -> str:
    """The rows as Markdown tables, cut where a reader would go and ask for the file."""
    columns = query.columns or table.columns
    at = [position(table, one) for one in columns[:_MOST_COLUMNS]]
    heads = [escaped(table.columns[one]) for one in at]
    lines = [[escaped(row[one]) for one in at] for row in rows[:MOST_ROWS]]
    parts = list(_tables(heads, lines))
    if more := len(rows) - MOST_ROWS:
        parts += [f"and {more:,} more."] if more > 0 else []
    return "\n\n".join(parts)


def escaped(cell: str) -> str:
    """A cell as Markdown that is read as this very text, on one line, without marks in it."""
    words = " ".join(without_hidden(cell).split())
    while slots.PREFIX in words:
        words = words.replace(slots.PREFIX, "")
    return _PLAIN.sub(lambda sign: f"&#{ord(sign[0])};", words)


def _for_all(query: TableQuery) -> TableQuery:
    """The same with everything, in order of what a recipient would choose by, that column first."""
    own = tuple(one.column for one in query.where if one.slot)
    if not own:
        return query
    others = tuple(one for one in query.columns if one not in own)
    kept = tuple(one for one in query.where if not one.slot)
    return TableQuery(query.name, (*own, *others) if others else (), kept, own[0])


def _fixed(section: Section, query: TableQuery, known: Mapping[str, Table]) -> Section:
    if not _fits(query, known):
        return replace(section, markdown=section.markdown or NOT_THERE, table=None)
    table = known[query.name]
    rows = chosen(table, query)
    if not rows:
        return _fallback(section, NOTHING_YET)
    return replace(section, markdown=markdown(table, query, rows), table=None)


def _fits(query: TableQuery, known: Mapping[str, Table]) -> bool:
    return query.name in known and not missing(query, known[query.name].columns)


def _fallback(section: Section, words: str) -> Section:
    written = section.markdown if section.markdown.strip() else words
    return replace(section, markdown=written, table=None)


def _tables(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> Iterator[str]:
    """Tables that are not too long to be read as Markdown; very long rows as paragraphs."""
    if any(sum(map(len, line)) > _LONGEST_ROW for line in (heads, *lines)):
        yield from (_paragraph(heads, line) for line in lines)
        return
    head = f"{_row(heads)}\n{_row(['---'] * len(heads))}"
    part, size = [head], len(head)
    for line in map(_row, lines):
        if size + len(line) > _LARGEST_TABLE and len(part) > 1:
            yield "\n".join(part)
            part, size = [head], len(head)
        part.append(line)
        size += len(line) + 1
    yield "\n".join(part)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _paragraph(heads: Sequence[str], line: Sequence[str]) -> str:
    said = (f"{head}: {cell}" for head, cell in zip(heads, line, strict=True) if cell)
    return "\n\n".join(said)
