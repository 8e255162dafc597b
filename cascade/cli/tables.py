"""Tables for a terminal: plain text that stays in line, with no more marks than it needs."""

from collections.abc import Sequence

GAP = "  "


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> str:
    """Columns as wide as their widest cell; the first `left` of them are aligned to the left."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    rule = ["─" * width for width in widths]
    return "\n".join(_line(one, widths, left) for one in (header, rule, *rows))


def number(value: int) -> str:
    """A number with commas between thousands."""
    return f"{value:,}"


def share(value: int, of: int) -> str:
    """A percentage rounded down, so that 100% means all and 0% nobody; a dash for a share of 0."""
    if not of:
        return "–"
    return "<1%" if 0 < value * 100 < of else f"{value * 100 // of}%"


def bar(value: int, of: int, width: int = 10) -> str:
    """A share as a bar; the number stands beside it."""
    filled = value * width // of if of else 0
    return "█" * filled + "░" * (width - filled)


def duration(seconds: float) -> str:
    """A span in the two largest units that say enough: `3 h 20 min`."""
    minutes, hours = int(abs(seconds)) // 60, int(abs(seconds)) // 3600
    if hours >= 48:
        return f"{hours // 24} days {hours % 24} h"
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min {int(abs(seconds)) % 60} s"


def _line(cells: Sequence[str], widths: Sequence[int], left: int) -> str:
    aligned = (
        cell.ljust(width) if place < left else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return GAP.join(aligned).rstrip()
