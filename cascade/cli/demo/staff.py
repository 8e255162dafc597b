"""The people of the made-up cell, and the work that they do before anybody looks."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import click
import pyotp
from sqlalchemy.orm import Session

from cascade.accounts import audit, second_step, users
from cascade.accounts.acts import Act
from cascade.accounts.users import Person
from cascade.cli.demo.hours import opening_hours
from cascade.database import Database
from cascade.inserts import keeping
from cascade.library import drafts
from cascade.library.publish import find, own, publish
from cascade.library.records import Toolkit, ToolkitVersion
from cascade.sending.countersigning import countersign
from cascade.sending.deadlines import next_working_morning
from cascade.sending.plan import Release, release
from cascade.sending.planned import Planned
from cascade.sending.states import Tier
from cascade.sign_off import signing
from workers.runtime import utc_now

TOOLKITS = Path(__file__).parent / "toolkits"
EVERYBODY = ("care-homes", "gp-practices", "pharmacies", "universities", "voluntary-sector")
STAFF = (
    ("Robin Hale", "West County ICB", ("administrator", "author")),
    ("Amina Farah", "West County ICB", ("author",)),
    ("Joss Whitby", "West County Hospitals", ("approver",)),
    ("Lee Marsh", "West County Council", ("releaser",)),
    ("Noor Aziz", "West County ICB", ("releaser", "approver")),
    ("Pat Oyelaran", "Westbury Council", ("viewer",)),
)


SLOW = 2.0
"""Messages a second of the cascade that is on its way while somebody looks."""


def add_staff(database: Database) -> None:
    """The people of the made-up cell; nobody has a password until they choose one."""
    with database.writing() as session:
        for name, organisation, roles in STAFF:
            person = users.add(
                session,
                email=address(name),
                name=name,
                organisation=organisation,
                roles=roles,
                now=utc_now(),
            )
            if "releaser" in roles:
                # They may release only with a second step; the link that is printed needs no code.
                secret = second_step.new_secret()
                code = pyotp.TOTP(secret).at(utc_now())
                second_step.turn_on(session, person.id, secret, code, utc_now())
            _note(session, "demo", Act.USER_ADDED, f"user {person.email}")


def add_opening_hours(database: Database) -> None:
    """Three pharmacies of each town, but for the last, which has none that is open."""
    with database.writing() as session:
        (author,) = _people(session, "Amina")
        insert = keeping.begin(
            session,
            "opening-hours",
            "Pharmacies open at Christmas",
            by=author.email,
            now=utc_now(),
        )
        table = opening_hours()
        said = "File opening-hours.csv"
        keeping.keep(session, insert, table, revision=0, said=said, by=author.email, now=utc_now())
        _note(session, author.email, Act.INSERT_ADDED, f"insert {insert.name}")
    click.echo(f"  {insert.title}: {len(table.rows)} rows, shown by a toolkit for each place")


def publish_toolkits(database: Database) -> None:
    """One writes them, another approves them."""
    for file in sorted(TOOLKITS.glob("*.md")):
        with database.writing() as session:
            author, approver = _people(session, "Amina", "Joss")
            version = _submit(session, file.read_text("utf-8"), author)
            signing.approve(session, version.id, by=approver, now=utc_now())
            _note(session, approver.email, Act.APPROVED, _called(session, version))
            click.echo(
                f"  {version.title} ({version.language}, version {version.number}), "
                f"written by {author.name}, approved by {approver.name}"
            )


def release_urgent(database: Database) -> int:
    """One releases it, another countersigns it."""
    with database.writing() as session:
        first, second = _people(session, "Lee", "Noor")
        planned = _release(session, "cold-snap", EVERYBODY, Tier.URGENT, first)
        assert planned.cascade is not None
        countersign(session, planned.cascade, by=second, now=utc_now())
        _note(session, second.email, Act.COUNTERSIGNED, f"cascade {planned.cascade}")
    click.echo(
        f"  Cascade {planned.cascade}: {planned.organisations:,} organisations, "
        f"{planned.recipients:,} people, {planned.variants} variants; "
        f"released by {first.name}, countersigned by {second.name}"
    )
    for one in planned.suppressed:
        click.echo(f"  left out: {one['count']} ({one['reason']})")
    return planned.cascade


def bring_to_life(database: Database) -> None:
    """A draft, a text to approve, one to mend, and cascades on their way: a day in the cell."""
    with database.writing() as session:
        author, admin, approver, first = _people(session, "Amina", "Robin", "Joss", "Lee")
        flu = _newest(session, "flu-jab")
        drafts.begin(session, by=author.email, now=utc_now(), version_id=flu.id)
        drafts.begin(session, by=admin.email, now=utc_now())
        changed = flu.text.replace('"Flu jab: protect', '"Flu jab, last weeks: protect', 1)
        _submit(session, changed.replace("toolkit: flu-jab", "toolkit: flu-jab-2"), author)
        opening = _newest(session, "christmas-opening-hours")
        returned = _submit(session, f"{opening.text.rstrip()}\n\nAsk before you travel.\n", admin)
        comment = signing.Comment(returned.text.count("\n"), "Which number do they ring?")
        signing.give_back(session, returned.id, by=approver, now=utc_now(), comments=[comment])
        _release(session, "flu-jab", ("voluntary-sector",), Tier.IMPORTANT, first)
        _release(session, "flu-jab", ("care-homes",), Tier.URGENT, first)
        later = next_working_morning(utc_now())
        _release(session, "flu-jab", ("pharmacies",), Tier.IMPORTANT, first, later)


def _submit(session: Session, text: str, author: Person) -> ToolkitVersion:
    version = publish(session, text, by=author.email, now=utc_now())
    signing.submit(session, version.id, by=author, now=utc_now())
    _note(session, author.email, Act.SUBMITTED, _called(session, version))
    return version


def _release(
    session: Session,
    toolkit: str,
    segments: Sequence[str],
    tier: Tier,
    by: Person,
    send_at: datetime | None = None,
) -> Planned:
    wanted = Release(find(session, toolkit), segments, tier, by.email, by, send_at)
    planned = release(session, wanted, utc_now(), sign_off=True)
    _note(session, by.email, Act.RELEASED, f"cascade {planned.cascade}")
    return planned


def _called(session: Session, version: ToolkitVersion) -> str:
    name = session.get_one(Toolkit, version.toolkit_id).name
    return f"toolkit {name}, version {version.number} ({version.language})"


def _newest(session: Session, name: str) -> ToolkitVersion:
    return own(session, find(session, name))


def _people(session: Session, *names: str) -> Iterator[Person]:
    return (users.find(session, address(name)) for name in names)


def address(name: str) -> str:
    """Of somebody by their first name."""
    return f"{name.partition(' ')[0].lower()}@westcounty.example.org"


def _note(session: Session, by: str, act: Act, subject: str) -> None:
    audit.note(session, by=by, act=act, subject=subject, now=utc_now())
