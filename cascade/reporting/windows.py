"""Which rows of a large cascade one page looks at: never more than `MOST` of them.

Variants follow each other; small ones are looked at together, a large one in pieces by row number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

MOST = 2_000
"""Rows that are looked at for one page."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to begin to look: at a variant, after one of its deliveries."""

    variant: int = 0
    after: int = 0

    @classmethod
    def read(cls, written: str) -> Self:
        """From an address; what isn't a place is the beginning."""
        variant, _, after = written.partition("-")
        if not all(_is_number(part) for part in (variant, after)):
            return cls()
        return cls(int(variant), int(after))

    def __str__(self) -> str:
        return f"{self.variant}-{self.after}"


@dataclass(frozen=True, slots=True)
class Window:
    """Rows to look at: of these variants, in order; `after` is only meant for a single one."""

    variants: tuple[int, ...]
    after: int
    rows: int
    """How many there are at most."""
    is_piece: bool
    """Whether the variant goes on after it."""
    following: int | None
    """The variant to go on with after all these."""


def window(sizes: Sequence[tuple[int, int]], start: Place) -> Window:
    """The rows to look at from a place; `sizes`: (variant, rows), in order of variants."""
    left = [one for one in sizes if one[0] >= start.variant]
    if not left:
        return Window((), 0, 0, False, None)
    first, rows = left[0]
    after = start.after if first == start.variant else 0
    if after or rows > MOST:
        following = left[1][0] if len(left) > 1 else None
        return Window((first,), after, min(rows, MOST), rows > MOST, following)
    return _together(left)


def _together(left: Sequence[tuple[int, int]]) -> Window:
    taken: list[int] = []
    total = 0
    for variant, rows in left:
        if total + rows > MOST:
            return Window(tuple(taken), 0, total, False, variant)
        taken.append(variant)
        total += rows
    return Window(tuple(taken), 0, total, False, None)


def _is_number(part: str) -> bool:
    return part.isascii() and part.isdecimal() and len(part) <= 18
