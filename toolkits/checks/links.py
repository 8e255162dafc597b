"""Whether links and pictures are safe, and say what they are."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from toolkits.checks.parts import Part
from toolkits.findings import Image, Link
from toolkits.links import has_scheme, is_safe, is_safe_image
from toolkits.nearest import quoted
from toolkits.problems import Problem, problem
from toolkits.slots import names, unmark
from toolkits.wordlists import rows

_BARE = re.compile(r"(?<![@\w])(?:https?://|www\.)[^\s<>()]{2,}", re.IGNORECASE)


def problems(parts: Sequence[Part], home: str = "") -> Iterator[Problem]:
    """Unsafe, unclear and bare links; pictures without a description or from unsafe places."""
    for part in parts:
        for link in part.found.links:
            yield from _link(link)
        for image in part.found.images:
            yield from _image(image, home)
        if part.section.channel not in ("sms", "social"):  # an address is written out there
            yield from _bare(part)


@cache
def _vague() -> frozenset[str]:
    return frozenset(text for (text,) in rows("vague_links.txt"))


def _link(link: Link) -> Iterator[Problem]:
    address = link.address
    if not names(address):
        yield from _address(link)
    label = " ".join(re.sub(r"[^\w\s]", " ", link.label).lower().split())
    if not link.label or label in _vague():
        text = quoted(link.label) if link.label else "An empty text"
        message = f"{text} does not say where the link leads: name the page it leads to."
        yield problem(link.line, "vague-link", message)


def _address(link: Link) -> Iterator[Problem]:
    """What is wrong with an address that holds no slots."""
    shown = quoted(unmark(link.address))
    if not is_safe(link.address):
        if link.address and has_scheme(link.address):
            message = f"{shown} is left out: a link is https://…, mailto: or tel:, without spaces."
            yield problem(link.line, "unsafe-link", message)
        else:
            message = f"{shown} leads nowhere from an email: write the whole address, https://…."
            yield problem(link.line, "relative-link", message)
    elif link.address.lower().startswith("http:"):
        message = f"{shown} is not encrypted: use https:// if the site has it."
        yield problem(link.line, "link-http", message)


def _image(image: Image, home: str) -> Iterator[Problem]:
    shown = quoted(unmark(image.address))
    if not image.alt.strip():
        message = f"Say what the picture {shown} shows, for those who cannot see it: ![here](…)."
        yield problem(image.line, "missing-alt", message)
    if not is_safe_image(image.address, home):
        message = f"The picture {shown} is left out: its address must start with https://."
        yield problem(image.line, "image-not-https", message)


def _bare(part: Part) -> Iterator[Problem]:
    labels = "\n".join(link.label for link in part.found.links)
    for passage in part.found.passages:
        for match in _BARE.finditer(passage.text):
            if match[0] not in labels:
                message = f"{quoted(match[0])} is not a link: write [what it is]({match[0][:60]})."
                line = passage.line + passage.text.count("\n", 0, match.start())
                yield problem(line, "bare-link", message)
