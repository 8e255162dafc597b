"""What stands in addresses: row numbers, and tokens, which mail programs bend."""

import string

from flask import abort

from cascade.links import Purpose
from cascade.web.site import site

_BENT = string.punctuation + "”’»…" + string.whitespace
"""What programs and people leave at the end of an address that stands in a sentence."""


ROW = "int(max=9223372036854775807)"
"""A row number in an address, as large as a database can ask for."""


def delivery_of(purpose: Purpose, token: str) -> int:
    """The delivery that a token stands for; answers 404 when it isn't one of ours."""
    delivery = site().links.read(purpose, token.strip(_BENT))
    if delivery is None:
        abort(404)
    return delivery
