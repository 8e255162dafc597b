"""Suggests the known word that is nearest to one that is not."""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache


def suggest(word: str, known: Iterable[str]) -> str:
    """A sentence with the nearest known word, or with all of them, or "" when there are none."""
    return _suggestion(word, tuple(sorted(set(known))))


@lru_cache(maxsize=10_000)
def _suggestion(word: str, choices: tuple[str, ...]) -> str:
    if near := get_close_matches(word[:60].lower(), choices, n=1, cutoff=0.6):
        return f' Did you mean "{near[0]}"?'
    return f" Known: {', '.join(choices[:20])}." if choices else ""


def quoted(text: str, longest: int = 60) -> str:
    """What a writer wrote, short enough for a message."""
    flat = " ".join(text.split())
    return f'"{flat if len(flat) <= longest else flat[: longest - 1] + "…"}"'
