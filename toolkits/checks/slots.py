"""Whether every slot is known, well formed, filled, and where it may be."""

from collections.abc import Iterator, Sequence

from toolkits.checks.parts import Part
from toolkits.documents import Document
from toolkits.links import is_safe
from toolkits.markup import may_lead_to
from toolkits.nearest import quoted, suggest
from toolkits.problems import Problem, problem
from toolkits.slots import KNOWN_SLOTS, names, unmark


def problems(document: Document, parts: Sequence[Part]) -> Iterator[Problem]:
    """Unknown, malformed, misplaced and empty slots."""
    declared = document.meta.slots
    known = frozenset(KNOWN_SLOTS) | frozenset(declared)
    for line, text in (place for part in parts for place in _places(part)):
        for name in names(text):
            if name not in known:
                message = f"{quoted(name)} is not a slot.{suggest(name, known)}"
                yield problem(line, "unknown-slot", message)
        if "{{" in text or "}}" in text:
            message = "This is not a slot: write {{ name }}, or put the braces in `code`."
            yield problem(line, "slot-malformed", message)
    yield from (each for part in parts for each in _in_links(part))
    for name, value in declared.items():
        if not value:
            message = f"The slot {quoted(name)} has no value yet: give one, as in “{name}: …”."
            yield problem(document.meta.line("slots"), "slot-empty", message)


def _places(part: Part) -> Iterator[tuple[int, str]]:
    found = part.found
    yield from ((each.line, each.text) for each in found.passages)
    yield from ((each.line, each.address) for each in found.links)
    for image in found.images:
        yield image.line, f"{image.alt} {image.address}"


def _in_links(part: Part) -> Iterator[Problem]:
    for link in part.found.links:
        if names(link.address) and not may_lead_to(link.address) and not is_safe(link.address):
            message = (
                f"{quoted(unmark(link.address))} cannot be an address: a link slot (…_link) must "
                "be all of it, other slots may only stand within one that starts with https://."
            )
            yield problem(link.line, "slot-in-link", message)
