"""Tables that differ by recipient: made once for each place and the like, then looked up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import toolkits
from toolkits import Block, Rows, Section, fill, html_value, text_value
from toolkits.slots import block, block_text

Finish = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Fragment:
    """What stands in a block, as HTML and as lines."""

    html: str
    text: str


class Inserted:
    """The blocks of one variant; for any threads. `made` counts the fragments that were made."""

    def __init__(self, document: toolkits.Document, blocks: tuple[Block, ...], settle: "Settle"):
        self._document = document
        self._settle = settle
        self._blocks = tuple((one, Rows(one.table, one.query)) for one in blocks)
        self._kept: dict[tuple[int, tuple[str, ...]], Fragment] = {}
        self._otherwise: dict[int, Fragment] = {}
        self.made = 0

    def __bool__(self) -> bool:
        return bool(self._blocks)

    def styled(self, style: Finish) -> "Inserted":
        """The same with its HTML finished for mail."""
        html, text = self._settle
        other = Inserted(self._document, (), (lambda marked: style(html(marked)), text))
        other._blocks = self._blocks
        return other

    def values(self, slots: Mapping[str, str], *, example: bool = False) -> dict[str, str]:
        """What goes into every block for one recipient; an `example` is never empty."""
        found = {}
        for one, rows in self._blocks:
            fragment = self._fragment(one, rows, slots, example)
            found[block(one.number)] = fragment.html
            found[block_text(one.number)] = fragment.text
        return found

    def _fragment(
        self, one: Block, rows: Rows, slots: Mapping[str, str], example: bool
    ) -> Fragment:
        key = (one.number, tuple(slots.get(name, "") for name in one.query.slots))
        if kept := self._kept.get(key):
            return kept
        fitting = rows.of(slots)
        if not fitting and example and (rows_of_one := rows.first()):
            return self._made(toolkits.shown(one, rows_of_one))
        if fitting:
            # As many as the table has places: what fits no row is not kept by what it was.
            made = self._kept[key] = self._made(toolkits.shown(one, fitting))
            return made
        if one.number not in self._otherwise:
            self._otherwise[one.number] = self._made(toolkits.shown(one, ()))
        words = self._otherwise[one.number]
        return Fragment(fill(words.html, slots, html_value), fill(words.text, slots, text_value))

    def _made(self, section: Section) -> Fragment:
        self.made += 1
        document = toolkits.only(self._document, section)
        html, text = self._settle
        return Fragment(
            html(toolkits.html(document, ())).strip(), text(toolkits.text(document, ())).strip()
        )


Settle = tuple[Finish, Finish]
"""Fill what is the same for everybody, in HTML and in text."""
