"""Whether headings, tables and tags are as they should be."""

from collections.abc import Iterator, Sequence

from toolkits.checks.parts import Part
from toolkits.nearest import quoted
from toolkits.problems import Problem, problem


def problems(parts: Sequence[Part]) -> Iterator[Problem]:
    """Headings out of order, tables without headings, and HTML."""
    seen = False
    for part in parts:
        yield from _headings(part, seen)
        seen = seen or any(passage.kind[0] == "h" for passage in part.found.passages)
        for table in part.found.tables:
            if not table.headed:
                message = "The first row of a table names its columns: fill it in."
                yield problem(table.line, "table-no-header", message)
        for tag in part.found.tags:
            message = f"HTML is not used in toolkits: <{tag.name[:30]}> is left out. Use Markdown."
            yield problem(tag.line, "html-not-allowed", message)


def _headings(part: Part, seen: bool) -> Iterator[Problem]:
    """Heading problems; the first one of a section may go on from what stands before it."""
    if part.section.channel in ("sms", "social"):  # there a heading names a network
        return
    last = 6 if seen else 1
    for passage in part.found.passages:
        if passage.kind[0] != "h":
            continue
        level = int(passage.kind[1])
        if level == 1:
            message = f"{quoted(passage.text)}: the title is the only # heading, start with ##."
            yield problem(passage.line, "heading-one", message)
        elif level > last + 1:
            message = f"{quoted(passage.text)} skips a level: use {'#' * (last + 1)} here."
            yield problem(passage.line, "heading-order", message)
        last = level
