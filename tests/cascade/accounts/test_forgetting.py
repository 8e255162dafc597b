"""What is forgotten of accounts, and what isn't."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from cascade.accounts import links, throttling, users, visits
from cascade.accounts.forgetting import KEPT_FOR, forget
from cascade.accounts.records import OneTimeLink, Throttle, Visit
from cascade.database import Database


def test_old_links_visits_and_tries_are_forgotten_and_new_ones_kept(
    database: Database, now: datetime
) -> None:
    long_ago = now - KEPT_FOR - timedelta(days=8)
    with database.writing() as session:
        ann = users.add(session, email="ann@example.org", name="Ann", roles=["viewer"], now=now)
        ben = users.add(session, email="ben@example.org", name="Ben", roles=["viewer"], now=now)
        for person, at in ((ann, long_ago), (ben, now)):
            links.issue(session, person.id, "invitation", at)
            visits.begin(session, person.id, address="", browser="", now=at)
            throttling.failed(session, [f"account:{person.email}"], at)

    with database.writing() as session:
        forget(session, now)

    with database.reading() as session:
        assert [one.user_id for one in session.scalars(select(OneTimeLink))] == [ben.id]
        assert [one.user_id for one in session.scalars(select(Visit))] == [ben.id]
        assert session.scalars(select(Throttle.name)).all() == ["account:ben@example.org"]
        assert session.scalar(select(func.count()).select_from(users.User)) == 2
