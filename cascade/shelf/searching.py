"""Find texts of the library by the words in them, best first, with the places where they stand.

On SQLite by FTS5, on PostgreSQL by its text search. Only what everybody reads is looked into, and
what the segments read that are public now; whether a text stands in the library at all, the
catalogue knows.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from cascade.library.index_words import bare, fold
from cascade.library.indexing import EVERYBODY

LONGEST = 100
"""Letters that somebody may search for."""
MOST_WORDS = 10
MOST = 5_000
"""Texts that are ranked: of more, the best can't be told apart any more by two or three words."""

_BEGIN, _END = "\x02", "\x03"
_FIND = {
    "sqlite": """
SELECT t.version_id, t.id, t.audience, bm25(shelf_search, 8.0, 1.0) AS place
FROM shelf_search JOIN shelf_texts AS t ON t.id = shelf_search.rowid
WHERE shelf_search MATCH :query AND t.audience IN (SELECT value FROM json_each(:audiences))
ORDER BY place, t.id DESC LIMIT :most
""",
    "postgresql": """
SELECT t.version_id, t.id, t.audience, -ts_rank('{0.05, 0.1, 0.2, 1.0}', s.vector, q) AS place
FROM (SELECT plainto_tsquery('english', :query) || plainto_tsquery('simple', :query) AS q) AS asked
JOIN shelf_search AS s ON s.vector @@ q JOIN shelf_texts AS t ON t.id = s.id
WHERE t.audience = ANY (:audiences)
ORDER BY place, t.id DESC LIMIT :most
""",
}
_EXCERPT = {
    "sqlite": """
SELECT rowid AS id, snippet(shelf_search, 1, :begin, :end, '…', 30) AS said FROM shelf_search
WHERE shelf_search MATCH :query AND rowid IN (SELECT value FROM json_each(:ids))
""",
    "postgresql": """
SELECT t.id, ts_headline(c.config, t.words,
  plainto_tsquery(c.config, :written) || plainto_tsquery(c.config, :query), :options) AS said
FROM shelf_texts AS t JOIN shelf_entries AS e ON e.version_id = t.version_id
CROSS JOIN LATERAL (SELECT CAST(CASE WHEN lower(e.language) ~ '^en(-|$)' THEN 'english'
  ELSE 'simple' END AS regconfig) AS config) AS c
WHERE t.id = ANY (:ids)
""",
}
_OPTIONS = f'StartSel="{_BEGIN}", StopSel="{_END}", MaxWords=30, MinWords=15, MaxFragments=1'


@dataclass(frozen=True, slots=True)
class Hit:
    """A version in which the words were found, for an audience that reads them."""

    version_id: int
    text_id: int
    audience: str
    """A public segment; empty: everybody."""


@dataclass(frozen=True, slots=True)
class Bit:
    """A part of an excerpt; `found` ones are words that were searched for."""

    text: str
    found: bool = False


def asked_words(written: str) -> tuple[str, ...]:
    """What somebody typed, word by word."""
    return tuple(bare(written[:LONGEST]).split()[:MOST_WORDS])


def hits(session: Session, asked: Sequence[str], audiences: Iterable[str]) -> tuple[Hit, ...]:
    """Texts with all of the words, best first; each version once, as its widest audience reads it.

    `audiences`: the segments that are public.
    """
    if not asked:
        return ()
    engine, query = _asked(session, asked)
    rows = session.execute(
        text(_FIND[engine]),
        {
            "query": query,
            "audiences": _several(engine, [EVERYBODY, *audiences]),
            "most": MOST,
        },
    )
    found: dict[int, Hit] = {}
    for row in rows:
        first = found.setdefault(row.version_id, Hit(row.version_id, row.id, row.audience))
        if first.audience and not row.audience:
            found[row.version_id] = Hit(row.version_id, row.id, EVERYBODY)
    return tuple(found.values())


def excerpts(
    session: Session, asked: Sequence[str], texts: Sequence[int]
) -> Mapping[int, tuple[Bit, ...]]:
    """Where the words stand in some texts, by their numbers."""
    engine, query = _asked(session, asked)
    given: dict[str, Any] = {"query": query, "ids": _several(engine, list(texts))}
    if engine == "sqlite":
        given |= {"begin": _BEGIN, "end": _END}
    else:
        given |= {"written": " ".join(asked), "options": _OPTIONS}
    return {row.id: _bits(row.said) for row in session.execute(text(_EXCERPT[engine]), given)}


def _asked(session: Session, asked: Sequence[str]) -> tuple[str, str]:
    """The engine, and what it is asked; no sign in the words means anything to it."""
    if session.get_bind().dialect.name == "sqlite":
        return "sqlite", " ".join('"{}"'.format(word.replace('"', '""')) for word in asked)
    return "postgresql", fold(" ".join(asked))


def _several(engine: str, values: list[Any]) -> Any:
    return json.dumps(values) if engine == "sqlite" else values


def _bits(said: str) -> tuple[Bit, ...]:
    found: list[Bit] = []
    for part in re.split(f"({_BEGIN}[^{_END}]*{_END})", said):
        if part.startswith(_BEGIN):
            found.append(Bit(part[1:-1], True))
        elif part:
            found.append(Bit(part))
    return tuple(found)
