"""Whether the tables that fences ask for are there, and have the columns."""

from collections.abc import Iterator, Mapping

from toolkits.documents import Document
from toolkits.nearest import quoted, suggest
from toolkits.problems import Problem, problem
from toolkits.tables import missing


def problems(
    document: Document, inserts: Mapping[str, tuple[str, ...]] | None
) -> Iterator[Problem]:
    """Unknown inserts and columns; `inserts` holds the columns of the known ones by name."""
    if inserts is None:
        return
    for section in document.sections:
        query, fence = section.table, section.line - 1
        if query is None:
            continue
        if query.name not in inserts:
            message = f"{quoted(query.name)} is not an insert.{suggest(query.name, inserts)}"
            yield problem(fence, "unknown-insert", message)
            continue
        columns = inserts[query.name]
        for one in missing(query, columns):
            known = ", ".join(columns)
            message = f"{quoted(one)} is not a column of “{query.name}”. Its columns: {known}."
            yield problem(fence, "unknown-column", message)
