"""People of the cell and their browsers."""

from collections.abc import Sequence
from datetime import datetime

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from cascade.accounts import links, passwords, users, visits
from cascade.accounts.records import AuditEntry, User
from cascade.accounts.users import Person
from cascade.database import Database
from tests.cascade.accounts.people import PASSWORD
from tests.cascade.web.forms import untouched

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""In place of the hasher that is slow on purpose."""


def person(
    database: Database,
    now: datetime,
    *roles: str,
    email: str = "jo@example.org",
    name: str = "Jo Bloggs",
    password: str | None = PASSWORD,
) -> Person:
    """Somebody with these roles, a viewer if none is given, who has chosen the password."""
    with database.writing() as session:
        added = users.add(session, email=email, name=name, roles=roles or ("viewer",), now=now)
        if password is not None:
            session.get_one(User, added.id).password_hash = passwords.hash_(password)
            session.flush()
        return users.get(session, added.id)


def link(database: Database, who: Person, purpose: links.Purpose, now: datetime) -> str:
    """The token of a fresh one-time link."""
    with database.writing() as session:
        return links.issue(session, who.id, purpose, now)


def browser(app: Flask, database: Database, who: Person, now: datetime) -> FlaskClient:
    """A browser that somebody is signed in with."""
    with database.writing() as session:
        token = visits.begin(session, who.id, address="192.0.2.7", browser="Firefox", now=now)
    client = app.test_client()
    client.set_cookie("cascade", token)
    return client


def stamp(client: FlaskClient) -> str:
    """What the forms of this browser's visit carry."""
    return untouched(client.get("/account").text)["stamp"]


def audited(database: Database, act: str | None = None) -> Sequence[AuditEntry]:
    """The audit trail from its beginning, or the entries of one act."""
    wanted = select(AuditEntry).order_by(AuditEntry.id)
    if act is not None:
        wanted = wanted.where(AuditEntry.act == act)
    with database.reading() as session:
        return session.scalars(wanted).all()
