"""What files for other programs have in common: their title, language, date and sender."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file says of itself."""

    title: str
    language: str
    author: str
    made_at: datetime
    """When the version was published: a file of the same version is the same bytes."""
    colour: str = "#005eb8"
    closing: str = ""
    """A last line in small letters: who it is from, where more is to be found."""
    pictures: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    """PNG or JPEG by address; others are described in words."""
    logo: bytes | None = None


def legal(text: str) -> str:
    """Text without what XML can't hold."""
    return _ILLEGAL.sub("", text)


def fact(text: str) -> str:
    """The same for what a file says of itself: one line of 255 signs at most."""
    return " ".join(legal(text).split())[:255]
