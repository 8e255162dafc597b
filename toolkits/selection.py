"""Which sections of a toolkit a person sees."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from toolkits.documents import Document, Section

_NOTHING: frozenset[str] = frozenset()
_FEWEST_LISTED = 3
"""Items of which a list is worth its room."""


def select(
    document: Document,
    segments: Collection[str],
    channel: str | None = None,
    *,
    without: Collection[str] = _NOTHING,
) -> tuple[Section, ...]:
    """The sections for somebody in all these segments, once each, in the order of the file.

    "for a" is seen by whoever is in a; "not for a" by all but those who are in nothing else.
    `without`: items that they had before. Of an issue nothing is left when no item is.
    """
    wanted = frozenset(segments)
    suiting = tuple(
        section
        for section in document.sections
        if section.channel == channel and section.suits(wanted)
    )
    if channel is None and any(section.part for section in document.sections):
        return _of_issue(suiting, frozenset(without))
    return suiting


def items(
    document: Document, segments: Collection[str], *, without: Collection[str] = _NOTHING
) -> tuple[str, ...]:
    """The items of an issue that somebody in all these segments sees, in their order."""
    seen = select(document, segments, without=without)
    named = (name for one in seen if one.part in ("item", "otherwise") for name in one.items)
    return tuple(dict.fromkeys(named))


def _of_issue(suiting: Sequence[Section], without: frozenset[str]) -> tuple[Section, ...]:
    own = _named(suiting, "item") - without
    shown = own | (_named(suiting, "otherwise") - without)

    def stands(one: Section) -> bool:
        names = frozenset(one.items)
        if one.part == "item":
            return names <= own
        if one.part == "otherwise":
            return names <= shown - own
        return not one.part or bool(names & shown)

    found = (_listed(one, shown) for one in suiting if stands(one))
    return tuple(one for one in found if one) if shown else ()


def _listed(section: Section, shown: frozenset[str]) -> Section | None:
    """A list of contents, with the lines of what is shown; None where that is no list any more."""
    if section.part != "contents":
        return section
    here = [name in shown for name in section.items]
    if sum(here) < _FEWEST_LISTED:
        return None
    head, *lines = section.markdown.strip("\n").split("\n- ")
    kept = [line for line, is_here in zip(lines, here, strict=False) if is_here]
    return replace(section, markdown="\n- ".join([head, *kept]))


def _named(sections: Sequence[Section], part: str) -> frozenset[str]:
    return frozenset(name for one in sections if one.part == part for name in one.items)
