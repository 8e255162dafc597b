"""How states, tiers and names are said to people."""

from collections.abc import Sequence


def organisation_words(names: Sequence[str]) -> str:
    """The organisations of a mailbox as a reader would say them."""
    if len(names) == 1:
        return names[0]
    names = list(dict.fromkeys(names))
    if len(names) > 4:
        return f"{', '.join(names[:3])} and {len(names) - 3} others"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
