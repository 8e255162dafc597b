"""What makes an organisation or a contact without a code or an address the same one again."""

import re
from functools import lru_cache

_NO_LETTER = re.compile(r"[\W_]+")


@lru_cache(maxsize=10_000)
def folded(text: str) -> str:
    """A name as it is compared: `The Oak House & Garden` as `oakhouseandgarden`."""
    return _NO_LETTER.sub("", text.casefold().replace("&", " and ").removeprefix("the "))


def name_key(organisation: str, where: str, kind: str) -> str:
    """The key of an organisation without a code; `where` is its postcode, else its place."""
    # The kind belongs to it: a charity that runs a home is in both segments, as two organisations.
    return f"{folded(organisation)[:180]}|{folded(where)[:50]}|{kind}"
