"""Pages of a list: the number that was asked for, and the links to the pages beside it."""

from typing import Any

from flask import request, url_for

from cascade.paging import Page

_FURTHEST = 100_000


def page_number() -> int:
    """The page in the address, from 1; what isn't a number is the first."""
    return min(max(1, request.args.get("page", 1, type=int)), _FURTHEST)


def previous_and_next(found: Page[Any], **kept: Any) -> dict[str, object]:
    """What the NHS pagination shows, with what was searched for kept in the addresses."""

    def link(number: int) -> dict[str, str]:
        address = url_for(str(request.endpoint), page=number, **kept)
        return {"href": address, "labelText": f"Page {number} of {found.pages}"}

    return {
        "previous": link(min(found.page - 1, found.pages)) if found.page > 1 else None,
        "next": link(found.page + 1) if found.has_next else None,
    }
