"""Everything that is wrong, or could be better, with a toolkit."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from toolkits.checks import inserts as insert_checks
from toolkits.checks import lengths, links, markup, placeholders, reading, slots, structure, wording
from toolkits.checks.parts import parts_of
from toolkits.documents import Document
from toolkits.problems import Problem, arrange


def check(
    document: Document,
    *,
    segments: Collection[str] = (),
    phrases: Iterable[str] = (),
    today: date | None = None,
    inserts: Mapping[str, tuple[str, ...]] | None = None,
    examples: Collection[str] = (),
) -> list[Problem]:
    """All problems of a toolkit, in the order of their lines.

    `segments` are the known ones (none given: any will do), `phrases` the words that a campaign
    keeps out before an election, and `today` lets a past expiry date be seen. `inserts`: columns of
    the known ones by name; None leaves tables unchecked. `examples`: lines that authors put their
    own words in place of.
    """
    if any(each.code == "too-large" for each in document.problems):
        return list(document.problems)
    parts = parts_of(document)
    found = [
        *document.problems,
        *(each for part in parts for each in part.found.problems),
        *structure.problems(document, parts, segments, today),
        *slots.problems(document, parts),
        *links.problems(parts, document.home),
        *markup.problems(parts),
        *wording.problems(document, parts, phrases),
        *reading.problems(document, parts),
        *lengths.problems(document),
        *insert_checks.problems(document, inserts),
        *placeholders.problems(document, examples),
    ]
    return arrange(found)
