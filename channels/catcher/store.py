"""Caught messages in a SQLite file: one writer, any number of readers."""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from functools import lru_cache
from pathlib import Path

_SCHEMA = """
create table if not exists caught (
    id integer primary key,
    received_at text not null,
    sender text not null,
    recipients text not null,
    subject text not null,
    raw blob not null
)
"""
_SUBJECT = re.compile(
    rb"^subject:[ \t]*([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)", re.IGNORECASE | re.MULTILINE
)
_MATCHES = r"(recipients like ? escape '\' or subject like ? escape '\')"


@dataclass(frozen=True, slots=True)
class CaughtSummary:
    """What an inbox lists; `received_at` is in UTC."""

    id: int
    received_at: datetime
    sender: str
    recipients: tuple[str, ...]
    subject: str


@dataclass(frozen=True, slots=True)
class CaughtMessage:
    """A message as it came in, dots unstuffed."""

    envelope: CaughtSummary
    raw: bytes

    def parsed(self) -> EmailMessage:
        """The message as the standard library reads it."""
        message = message_from_bytes(self.raw, policy=default)
        assert isinstance(message, EmailMessage)
        return message


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the server hands to the writer."""

    received_at: datetime
    sender: str
    recipients: Sequence[str]
    raw: bytes


class CaughtWriter:
    """The one writer; what `add` was given is in the file when it returns."""

    def __init__(self, path: Path) -> None:
        # Made in one thread and used in the server's; never in both at once.
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._database.execute("pragma journal_mode = wal")
        self._database.execute("pragma synchronous = normal")
        self._database.execute(_SCHEMA)

    def add(self, arrivals: Iterable[Arrival]) -> None:
        """Write these messages in one transaction."""
        rows = [
            (a.received_at.isoformat(), a.sender, "\n".join(a.recipients), subject_of(a.raw), a.raw)
            for a in arrivals
        ]
        self._database.execute("begin immediate")
        with self._database:
            self._database.executemany(
                "insert into caught (received_at, sender, recipients, subject, raw)"
                " values (?, ?, ?, ?, ?)",
                rows,
            )

    def close(self) -> None:
        """Close the file."""
        self._database.close()


class CaughtMail:
    """Reads what was caught; safe from any thread. `search` looks in addresses and subjects."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def count(self, search: str = "") -> int:
        """How many messages there are."""
        with self._reading() as database:
            query = f"select count(*) from caught where {_MATCHES}"
            found = database.execute(query, _pattern(search)).fetchone()
        return int(found[0])

    def page(self, offset: int = 0, limit: int = 50, search: str = "") -> list[CaughtSummary]:
        """Messages, newest first."""
        with self._reading() as database:
            rows = database.execute(
                "select id, received_at, sender, recipients, subject from caught"
                f" where {_MATCHES} order by id desc limit ? offset ?",
                (*_pattern(search), limit, offset),
            ).fetchall()
        return [_summary(row) for row in rows]

    def get(self, message_id: int) -> CaughtMessage | None:
        """One message by the id of its summary."""
        with self._reading() as database:
            row = database.execute(
                "select id, received_at, sender, recipients, subject, raw from caught where id = ?",
                (message_id,),
            ).fetchone()
        return CaughtMessage(_summary(row[:5]), row[5]) if row else None

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path)) as database:
            database.execute(_SCHEMA)
            yield database


@lru_cache(maxsize=1024)
def _decoded(subject: bytes) -> str:
    text = " ".join(subject.decode("utf-8", "replace").split())
    return str(make_header(decode_header(text))) if "=?" in text else text


def subject_of(raw: bytes) -> str:
    """The subject as a person reads it; "" if there is none or it cannot be read."""
    head, _, _ = raw.partition(b"\r\n\r\n")
    found = _SUBJECT.search(head)
    try:
        return _decoded(found[1]) if found else ""
    except (ValueError, LookupError):
        return ""


def _pattern(search: str) -> tuple[str, str]:
    escaped = re.sub(r"([\\%_])", r"\\\1", search)
    return f"%{escaped}%", f"%{escaped}%"


def _summary(row: Sequence[object]) -> CaughtSummary:
    number, received_at, sender, recipients, subject = row
    assert isinstance(number, int)
    return CaughtSummary(
        number,
        datetime.fromisoformat(str(received_at)),
        str(sender),
        tuple(str(recipients).split("\n")),
        str(subject),
    )
