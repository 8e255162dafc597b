"""Whether the process lives, and whether it can work."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from cascade.database import Database, connect
from cascade.sending.records import ClockBeat
from tests.cascade.web.application import open_app
from tests.cascade.web.scene import settings, ticking


@pytest.fixture
def client(sqlite_database: Database, now: datetime) -> FlaskClient:
    """A client of an installation that has nothing in it yet."""
    return open_app(settings(), sqlite_database, ticking(now)).test_client()


def beat(database: Database, at: datetime) -> None:
    with database.writing() as session:
        session.merge(ClockBeat(name="due", at=at, detail={}))


def test_a_process_lives_without_its_database(now: datetime) -> None:
    away = connect("postgresql://nobody@127.0.0.1:1/nothing")
    client = open_app(settings(), away, ticking(now)).test_client()

    assert client.get("/healthz").status_code == 200
    answered = client.get("/readyz")
    assert answered.status_code == 503
    assert "the database does not answer" in answered.json["reasons"][0]


def test_it_is_ready_when_the_clock_has_just_worked(
    client: FlaskClient, sqlite_database: Database, now: datetime
) -> None:
    beat(sqlite_database, now - timedelta(seconds=29))

    answered = client.get("/readyz")

    assert (answered.status_code, answered.json) == (200, {"ready": True, "reasons": []})


def test_it_is_not_ready_when_the_clock_stands_still(
    client: FlaskClient, sqlite_database: Database, now: datetime
) -> None:
    beat(sqlite_database, now - timedelta(seconds=31))

    answered = client.get("/readyz")

    assert answered.status_code == 503
    assert answered.json["reasons"] == ["the clock last worked 31 seconds ago"]


def test_it_is_not_ready_before_the_clock_has_ever_run(client: FlaskClient) -> None:
    assert "the clock has never run" in client.get("/readyz").json["reasons"][0]


def test_it_is_not_ready_with_a_database_of_another_version(
    client: FlaskClient, sqlite_database: Database, now: datetime
) -> None:
    beat(sqlite_database, now)
    with sqlite_database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'older'"))

    answered = client.get("/readyz")

    assert answered.status_code == 503
    assert "cascade db upgrade" in answered.json["reasons"][0]
