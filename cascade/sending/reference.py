"""The short code of a message, to be read out on the phone or kept in a reply: `1F-09C2A41B`."""

import hmac

from cascade.links import Links

_LETTERS = 8  # 32 bits: enough against guessing by hand or by mail, short enough for the phone


def reference(links: Links, delivery: int) -> str:
    """The code of a delivery: its number and the first letters of its Message-ID's signature."""
    return shorten(links.token("message-id", delivery))


def shorten(token: str) -> str:
    """The code that belongs to a Message-ID token."""
    number, _, signature = token.partition("-")
    return f"{number}-{signature[:_LETTERS]}".upper()


def read_reference(links: Links, code: str) -> int | None:
    """The delivery that a code stands for, in any case; None when it isn't one of ours."""
    number, _, letters = code.strip().partition("-")
    if not 0 < len(number) <= 15 or not number.isascii() or not number.isalnum():
        return None
    try:
        delivery = int(number, 16)
    except ValueError:
        return None
    expected = reference(links, delivery)
    given = f"{number}-{letters}".upper()
    return delivery if hmac.compare_digest(expected.encode(), given.encode()) else None
