"""Whether text messages and posts keep within what their networks take."""

from collections.abc import Iterator

from toolkits.documents import Document
from toolkits.formats.sms import sms, sms_size
from toolkits.formats.social import networks, social
from toolkits.problems import Problem, problem
from toolkits.slots import EXAMPLES, fill, names, text_value

LONGEST_SMS = 918  # characters: six parts, the most that agencies take
MANY_PARTS = 3


def problems(document: Document) -> Iterator[Problem]:
    """Length problems of the `sms` and `social` sections, as somebody in all segments sees them."""
    everybody = {
        name
        for section in document.sections
        for name in (section.include or frozenset()) | section.exclude
    } | {"anybody"}
    lines = {section.channel: section.line for section in reversed(document.sections)}
    if "sms" in lines:
        yield from _sms(lines["sms"], sms(document, everybody))
    if "social" in lines:
        titles = {network.key: network.name for network in networks()}
        for post in social(document, everybody):
            if not post.fits:
                over = post.length - post.longest
                message = (
                    f"Too long for {titles[post.network]} by {over} ({post.length}, at most "
                    f"{post.longest}): shorten it, or write “## {titles[post.network]}” and a "
                    "shorter text for it."
                )
                yield problem(lines["social"], "social-too-long", message)


def _sms(line: int, text: str) -> Iterator[Problem]:
    filled = fill(text, {name: EXAMPLES.get(name, "example") for name in names(text)}, text_value)
    size = sms_size(filled)
    told = f"{size.characters} characters in {size.encoding}, {size.parts} parts"
    if size.characters > LONGEST_SMS:
        message = (
            f"This is too long for a text message ({told}; at most {LONGEST_SMS}): shorten it."
        )
        yield problem(line, "sms-too-long", message)
    elif size.parts > MANY_PARTS:
        message = f"Each part is paid for ({told}): say the rest on a page, and link to it."
        yield problem(line, "sms-very-long", message)
    elif size.parts > 1:
        yield problem(line, "sms-long", f"Each part is paid for ({told}): one is best.")
