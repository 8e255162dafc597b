"""What the addresses of lists ask for."""

import pytest
from flask import Flask

from cascade.web.paging import page_number, row_number, typed

ASKED = {
    "nothing": ("", "", 0, 1),
    "a search": ("search=%20Oak%20&row=7&page=3", "Oak", 7, 3),
    "NUL": ("search=O%00ak%00&row=%00&page=%00", "Oak", 0, 1),
    "too much": (f"search={'a' * 101}&row={'9' * 40}&page={'9' * 40}", "a" * 100, 2**63 - 1, 10**5),
    "below what there is": ("search=-&row=-1&page=-1", "-", 0, 1),
    "no numbers": ("search=1&row=x&page=1.5", "1", 0, 1),
}


@pytest.mark.parametrize("asked", ASKED)
def test_any_address_becomes_something_that_can_be_looked_for(asked: str) -> None:
    query, search, row, page = ASKED[asked]

    with Flask("cascade.web").test_request_context(f"/?{query}"):
        assert (typed(), row_number("row"), page_number()) == (search, row, page)
