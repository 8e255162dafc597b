"""The index of texts for search, and the words that slips are corrected to.

`shelf_search` is a table of FTS5 over `shelf_texts` on SQLite, and of text vectors on PostgreSQL;
`create` makes it, because neither kind is in the records.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from sqlalchemy import Connection, Executable, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from cascade.library.index_words import bare, fold, known_by, words
from cascade.library.records import ShelfForm

_AT_ONCE = 500
_CREATE = {
    "sqlite": (
        """CREATE VIRTUAL TABLE shelf_search USING fts5(title, words, content='shelf_texts',
        content_rowid='id', tokenize='porter unicode61 remove_diacritics 2')""",
    ),
    "postgresql": (
        """CREATE TABLE shelf_search
        (id bigint PRIMARY KEY REFERENCES shelf_texts (id), vector tsvector NOT NULL)""",
        "CREATE INDEX ix_shelf_search_vector ON shelf_search USING gin (vector)",
    ),
}
_ADD = {
    "sqlite": "INSERT INTO shelf_search (rowid, title, words) VALUES (:id, :title, :words)",
    "postgresql": (
        "INSERT INTO shelf_search (id, vector) VALUES (:id, "
        "setweight(to_tsvector(CAST(:config AS regconfig), :title), 'A') || "
        "setweight(to_tsvector(CAST(:config AS regconfig), :words), 'D'))"
    ),
}


def create(connection: Connection) -> None:
    """Make the table of the engine, for a migration."""
    for statement in _CREATE[connection.dialect.name]:
        connection.execute(text(statement))


def add(session: Session, language: str, texts: Sequence[Mapping[str, object]]) -> None:
    """Let these texts be found; each is a row of `shelf_texts`."""
    engine = session.get_bind().dialect.name
    rows = [{name: one[name] for name in ("id", "title", "words")} for one in texts]
    if engine != "sqlite":
        # FTS5 folds letters by itself and shows the text as it is written.
        config = configuration(language)
        rows = [
            {name: value if name == "id" else bare(fold(str(value))) for name, value in row.items()}
            | {"config": config}
            for row in rows
        ]
    session.execute(text(_ADD[engine]), rows)


def configuration(language: str) -> str:
    """How PostgreSQL takes words apart: endings are cut off in English only."""
    return "english" if language.partition("-")[0].lower() == "en" else "simple"


def learn_words(session: Session, texts: Iterable[str]) -> None:
    """Let slips be corrected to the words of these texts."""
    every = iter(sorted({word for one in texts for word in words(one)}))
    while some := list(islice(every, _AT_ONCE)):
        known = select(ShelfForm.word).where(
            ShelfForm.form.in_(some), ShelfForm.form == ShelfForm.word
        )
        new = set(some) - set(session.scalars(known))
        rows = list(_forms(sorted(new)))
        if rows:
            session.execute(_unless_there(session), rows)


def _forms(several: Iterable[str]) -> Iterator[dict[str, str]]:
    for word in several:
        for form in sorted(known_by(word)):
            yield {"form": form, "word": word}


def _unless_there(session: Session) -> Executable:
    # Two who publish at once may both bring a word that is new.
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(ShelfForm).on_conflict_do_nothing()
    return postgresql.insert(ShelfForm).on_conflict_do_nothing()
