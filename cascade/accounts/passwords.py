"""Passwords: which are good enough, and how they are kept (Argon2id, RFC 9106, low memory)."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cascade.errors import BadInput

SHORTEST, LONGEST = 12, 200

hasher = PasswordHasher()

_LEAST_OWN = 6
"""Different letters that have to be left when what others would try first is taken away."""
_TRIED_FIRST = (
    "password",
    "passwort",
    "passw0rd",
    "p@ssword",
    "p@ssw0rd",
    "administrator",
    "admin",
    "welcome",
    "letmein",
    "changeme",
    "iloveyou",
    "sunshine",
    "football",
    "liverpool",
    "dragon",
    "monkey",
    "princess",
    "secret",
    "trustno1",
    "correcthorsebatterystaple",
    "abc123",
    "cascade",
    "health",
    "nhs",
)
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "1234567890",
    "qwertyuiop[]",
    "asdfghjkl;'#",
    "zxcvbnm,./",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
_BESIDE = {one + next_ for row in _ROWS for way in (row, row[::-1]) for one, next_ in pairwise(way)}
_SHORTEST_RUN = 4


def check(password: str, *, email: str, name: str) -> None:
    """Raise BadInput with what is wrong with a new password."""
    problem = next(_problems(_normal(password), email, name), None)
    if problem:
        raise BadInput("Choose another password.", [f"password: {problem}"])


def hash_(password: str) -> str:
    """What is kept of a password: its Argon2 hash with the parameters and the salt."""
    return hasher.hash(_bytes(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether it's the password; without one to compare to it takes as long, and says no."""
    if kept is None:
        hasher.hash(_bytes(password))
        return False
    try:
        return hasher.verify(kept, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False


def outdated(kept: str) -> bool:
    """Whether it was hashed with other parameters than those of today."""
    return hasher.check_needs_rehash(kept)


def _problems(password: str, email: str, name: str) -> Iterator[str]:
    if len(password) < SHORTEST:
        yield f"use at least {SHORTEST} characters; three random words are easy to remember"
    if len(password) > LONGEST:
        yield f"use at most {LONGEST} characters"
    if len(_own(password, email, name)) < _LEAST_OWN:
        yield "it is easy to guess; leave out names, common words, repeats and runs such as 1234"


def _own(password: str, email: str, name: str) -> set[str]:
    # What is left is what somebody who knows the person would still have to guess.
    known = {*_TRIED_FIRST, *re.findall(r"\w{3,}", _normal(f"{email} {name}").casefold())}
    words = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    return set("".join(_without_runs(re.sub(words, " ", password.casefold())))) - {" "}


def _without_runs(text: str) -> Iterator[str]:
    start = 0
    for end in range(1, len(text) + 1):
        if text[end - 1 : end + 1] not in _BESIDE or end == len(text):
            if end - start < _SHORTEST_RUN:
                yield text[start:end]
            start = end


def _normal(text: str) -> str:
    # The same letters can be typed in several ways, depending on the keyboard (NIST SP 800-63B).
    return unicodedata.normalize("NFKC", text)


def _bytes(password: str) -> bytes:
    return _normal(password).encode("utf-8", "surrogatepass")
