"""People of a made-up cell, and what they do."""

from collections.abc import Sequence
from datetime import datetime

import pyotp
from sqlalchemy import update

from cascade.accounts import passwords, second_step, signing_in, users
from cascade.accounts.records import User
from cascade.accounts.users import Person
from cascade.database import Database

PASSWORD = "plum orbit ladder"
ADDRESS = "192.0.2.7"
BROWSER = "Firefox on Linux"


def add(
    database: Database,
    now: datetime,
    email: str = "pat@example.org",
    roles: Sequence[str] = ("author",),
    name: str = "Pat Lee",
) -> Person:
    """Somebody who has chosen the password above."""
    with database.writing() as session:
        person = users.add(session, email=email, name=name, roles=roles, now=now)
        kept = passwords.hash_(PASSWORD)
        session.execute(update(User).where(User.id == person.id).values(password_hash=kept))
        return users.get(session, person.id)


def sign_in(
    database: Database,
    now: datetime,
    password: str = PASSWORD,
    email: str = "pat@example.org",
    address: str = ADDRESS,
) -> signing_in.Outcome | signing_in.Blocked:
    """One try, committed whatever comes of it."""
    with database.writing() as session:
        counted = signing_in.begin(session, email, now, address=address)
    if isinstance(counted, signing_in.Blocked):
        return counted
    judged = signing_in.judge(counted, password)
    with database.writing() as session:
        return signing_in.sign_in(session, judged, address=address, browser=BROWSER, now=now)


def give_code(database: Database, pending: str, code: str, now: datetime) -> signing_in.CodeOutcome:
    """One try of a code, committed whatever comes of it."""
    with database.writing() as session:
        return signing_in.give_code(
            session, pending=pending, code=code, address=ADDRESS, browser=BROWSER, now=now
        )


def turn_on(database: Database, person: Person, now: datetime) -> tuple[str, list[str]]:
    """The secret in their app, and their recovery codes."""
    secret = second_step.new_secret()
    with database.writing() as session:
        return secret, second_step.turn_on(session, person.id, secret, code(secret, now), now)


def code(secret: str, now: datetime) -> str:
    """What their app shows at a moment."""
    return pyotp.TOTP(secret).at(now)
