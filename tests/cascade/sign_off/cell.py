"""A cell with two authors, two approvers and a text, and what they do with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from cascade.accounts import users
from cascade.accounts.users import Person
from cascade.database import Database
from cascade.library.publish import publish
from cascade.sign_off import signing

TEXT = """---
title: Cold snap
toolkit: cold-snap
campaign: Winter 2026
lead: Example ICB
key_messages:
  - Keep one room warm.
action: Tell everybody on duty.
---
A cold snap is coming.
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """The people, and the version that one of them wrote."""

    database: Database
    now: datetime
    author: Person
    other_author: Person
    approver: Person
    other_approver: Person
    version: int

    def submit(self, by: Person | None = None, version: int | None = None, note: str = "") -> None:
        with self.database.writing() as session:
            signing.submit(
                session, version or self.version, by=by or self.author, now=self.now, note=note
            )

    def approve(
        self, by: Person | None = None, version: int | None = None, immediate_use: bool = False
    ) -> None:
        with self.database.writing() as session:
            signing.approve(
                session,
                version or self.version,
                by=by or self.approver,
                now=self.now,
                immediate_use=immediate_use,
            )

    def give_back(
        self,
        by: Person | None = None,
        note: str = "Which room?",
        comments: Sequence[signing.Comment] = (),
    ) -> None:
        with self.database.writing() as session:
            signing.give_back(
                session,
                self.version,
                by=by or self.approver,
                now=self.now,
                note=note,
                comments=comments,
            )

    def publish(self, text: str, by: Person | None = None) -> int:
        with self.database.writing() as session:
            return publish(session, text, by=(by or self.author).email, now=self.now).id


def found(database: Database, now: datetime) -> Cell:
    """The cell with its text published and nothing submitted yet."""
    with database.writing() as session:
        author, other_author = (_add(session, now, name, "author") for name in ("Ann", "Ben"))
        approver, other_approver = (_add(session, now, name, "approver") for name in ("Cy", "Di"))
        version = publish(session, TEXT, by=author.email, now=now)
        return Cell(database, now, author, other_author, approver, other_approver, version.id)


def _add(session: Session, now: datetime, name: str, role: str) -> Person:
    email = f"{name.lower()}@example.org"
    return users.add(session, email=email, name=name, roles=[role], now=now)
