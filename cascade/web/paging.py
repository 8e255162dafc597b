"""Pages of a list: what their address asks for, and the links to the pages beside one."""

from typing import Any

from flask import request, url_for

from cascade.paging import Page

_FURTHEST = 100_000
_LAST_ROW = 2**63 - 1


def page_number() -> int:
    """The page in the address, from 1; what isn't a number is the first."""
    return min(max(1, request.args.get("page", 1, type=int)), _FURTHEST)


def row_number(name: str) -> int:
    """The number of a row in the address; 0 for none and for what isn't one."""
    return min(max(0, request.args.get(name, 0, type=int)), _LAST_ROW)


def typed(name: str = "search", longest: int = 100) -> str:
    """What somebody typed to search for, as it may be compared with what is kept."""
    # PostgreSQL takes no NUL in a text.
    return request.args.get(name, "").replace("\0", "")[:longest].strip()


def previous_and_next(found: Page[Any], **kept: Any) -> dict[str, object]:
    """What the NHS pagination shows, with what was searched for kept in the addresses."""

    def link(number: int) -> dict[str, str]:
        address = url_for(str(request.endpoint), page=number, **kept)
        return {"href": address, "labelText": f"Page {number} of {found.pages}"}

    return {
        "previous": link(min(found.page - 1, found.pages)) if found.page > 1 else None,
        "next": link(found.page + 1) if found.has_next else None,
    }
