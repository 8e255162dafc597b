"""The bulletin of the made-up cell: one issue is released, and the clock opens the next."""

from datetime import time

from cascade.accounts import users
from cascade.bulletins import arranging, collecting, issues, making, submitting
from cascade.bulletins.making import Wanted
from cascade.bulletins.schedules import Schedule
from cascade.bulletins.submitting import House
from cascade.cli.demo.staff import address
from cascade.database import Database
from cascade.sign_off import signing
from workers.runtime import utc_now

_READERS = ("universities", "voluntary-sector")


def release_an_issue(database: Database, home: str) -> None:
    """Written by one, approved by another, released by a third; one item is held for next time."""
    now, house = utc_now(), House(sign_off=True, home=home)
    with database.writing() as session:
        author, approver, releaser = (
            users.find(session, address(name)) for name in ("Amina", "Joss", "Lee")
        )
        weekly = Schedule("weekly", time(10), weekday=1)
        wanted = Wanted("round-up", "West County round-up", _READERS, weekly)
        of = making.add(session, wanted, by=author.email, now=now)
        issue = issues.open_next(session, of, by=author.email, now=now)
        collecting.collect(session, of, issue, now=now, sign_off=True)
        first, *others = (entry for entry, _ in issues.entries(session, issue))
        for one in others:
            arranging.hold(
                session, issue, one.id, "next", seen=issue.revision, by=author.email, now=now
            )
        arranging.detail(
            session,
            issue,
            first.id,
            heading="for-action",
            note="",
            whole=False,
            asks=True,
            seen=issue.revision,
            by=author.email,
            now=now,
        )
        arranging.introduce(
            session,
            issue,
            lead="The last weeks to be protected before winter.",
            note="",
            seen=issue.revision,
            by=author.email,
            now=now,
        )
        submitting.submit(
            session,
            of,
            issue,
            seen=issue.revision,
            by=author.email,
            person=author,
            house=house,
            now=now,
        )
        for version in issue.versions.values():
            signing.approve(session, version, by=approver, now=now)
        submitting.send(
            session, of, issue, by=releaser.email, person=releaser, house=house, now=now
        )
