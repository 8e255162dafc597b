"""Cells of tables that a spreadsheet opens, written so that none is run as a formula."""

import re

_RUNS = re.compile(r"'* *[=+\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile(r"''* *[=+\-@\t\r\n＝＋－＠]")


def guarded(cell: str) -> str:
    """A cell with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if _RUNS.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before `guarded`."""
    return cell[1:] if _GUARDED.match(cell) else cell
