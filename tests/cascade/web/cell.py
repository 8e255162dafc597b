"""A cell in its browsers: an author, an approver and two releasers of the scene's toolkit."""

from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from cascade.accounts.users import Person
from cascade.database import Database
from cascade.library.publish import publish
from cascade.library.records import ToolkitVersion
from cascade.sign_off import signing
from tests.cascade.accounts.people import turn_on
from tests.cascade.web.people import browser, person, stamp
from tests.cascade.web.scene import TEXT, Scene

CHANGED = TEXT.replace("Check your heating", "Check your boiler")


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody at their browser."""

    who: Person
    client: FlaskClient

    def get(self, path: str, status: int = 200) -> str:
        answered = self.client.get(path)
        assert answered.status_code == status, answered.text
        return answered.text

    def post(self, path: str, **data: object) -> TestResponse:
        return self.client.post(path, data={"stamp": stamp(self.client), **data})


@dataclass(frozen=True, slots=True)
class Cell:
    """Everybody, and a version of the toolkit that nobody has submitted."""

    database: Database
    now: datetime
    author: Desk
    approver: Desk
    first: Desk
    second: Desk
    version: int

    def approve(self) -> None:
        """Submit and approve the version."""
        with self.database.writing() as session:
            signing.submit(session, self.version, by=self.author.who, now=self.now)
            signing.approve(session, self.version, by=self.approver.who, now=self.now)

    def state(self) -> str:
        return self.author.get(f"/versions/{self.version}")


def gathered(app: Flask, scene: Scene, now: datetime) -> Cell:
    """The cell, signed in; releasers have their second step."""

    def desk(name: str, role: str) -> Desk:
        who = person(scene.database, now, role, email=f"{name.lower()}@example.org", name=name)
        if role == "releaser":
            turn_on(scene.database, who, now)
        return Desk(who, browser(app, scene.database, who, now))

    author, approver = desk("Ann", "author"), desk("Cy", "approver")
    first, second = desk("Fay", "releaser"), desk("Gus", "releaser")
    with scene.database.writing() as session:
        publish(session, CHANGED, by=author.who.email, now=now)
        version = session.scalars(select(ToolkitVersion.id).order_by(ToolkitVersion.id.desc()))
        number = version.first()
    assert number is not None
    return Cell(scene.database, now, author, approver, first, second, number)
