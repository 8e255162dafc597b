"""The kinds of organisations, and what people call them."""

import re
from collections.abc import Mapping

VOLUNTARY_SECTOR = "voluntary-sector"
"""They pass on to everybody, so what is for them is public from the first day."""
FIRST_KINDS: Mapping[str, str] = {
    "care-homes": "Care homes",
    "gp-practices": "GP practices",
    VOLUNTARY_SECTOR: "Voluntary and community sector",
    "pharmacies": "Community pharmacies",
    "universities": "Universities",
}
"""The first five kinds with their titles; each has a segment of the same name."""

EXAMPLE_NAMES: Mapping[str, str] = {
    "care-homes": "Rose Court Care Home",
    "gp-practices": "Mill Lane Surgery",
    "voluntary-sector": "Westbury Lunch Club",
    "pharmacies": "Market Street Pharmacy",
    "universities": "University of Westbury",
}
"""A made-up organisation of each of the first five kinds, for previews."""

_CALLED: Mapping[str, tuple[str, ...]] = {
    "care-homes": (
        *("care", "nursing home", "residential home", "residential care home", "care home"),
        *("care home with nursing", "care home without nursing", "carehome"),
    ),
    "gp-practices": (
        *("gp", "gp practice", "gp surgery", "surgery", "practice", "general practice"),
        *("doctors surgery", "doctor", "medical centre", "medical practice", "primary care"),
    ),
    VOLUNTARY_SECTOR: (
        *("voluntary", "voluntary group", "voluntary organisation", "voluntary sector", "vcse"),
        *("vcs", "vcfse", "vcse organisation", "charity", "community group", "third sector"),
        *("voluntary and community sector", "community organisation", "voluntary service"),
        *("voluntary sector organisation", "voluntary sector group"),
    ),
    "pharmacies": ("pharmacy", "community pharmacy", "chemist", "dispensing chemist"),
    "universities": ("university", "uni", "higher education", "higher education institution"),
}


def kind_of(text: str, known: Mapping[str, str]) -> str | None:
    """The kind meant by a word, or by the one word known among several (`Nursing homes|Hospice`).

    `known` maps the word of `words` to the kind.
    """
    parts = [part for part in re.split(r"[|;,/]", text) if part.strip()]
    meant = {known[word] for part in parts if (word := _singular(part)) in known}
    return meant.pop() if len(meant) == 1 else None


def words(kinds: tuple[str, ...]) -> dict[str, str]:
    """Everything that each of these kinds may be called, in the singular."""
    called = {_singular(kind): kind for kind in kinds}
    for kind in kinds:
        called |= {_singular(word): kind for word in _CALLED.get(kind, ())}
    return called


def _singular(text: str) -> str:
    word = re.sub(r"[\W_]+", "", text.casefold().replace("&", "and").replace("’", "'"))
    for plural, singular in (("ies", "y"), ("ss", "ss"), ("s", "")):
        if word.endswith(plural):
            return word.removesuffix(plural) + singular
    return word
