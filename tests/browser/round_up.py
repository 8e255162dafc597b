"""A county with a fortnightly bulletin for three audiences that overlap, and a clock."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from playwright.sync_api import BrowserContext
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cascade.accounts import visits
from cascade.accounts.users import Person
from cascade.audience.records import Contact, Organisation, Segment
from cascade.bulletins import issues, making
from cascade.database import Database, connect
from cascade.library.publish import publish
from cascade.reposts.records import Repost
from cascade.sign_off import signing
from tests import world
from tests.browser.serving import listening, serving
from tests.cascade.bulletins import county
from tests.cascade.sending.mail import read, text
from tests.cascade.web.people import person
from tests.cascade.web.scene import settings
from tests.smtp_server import SmtpServer
from workers.embedded import running
from workers.runtime import make_runtime

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
AUDIENCES = ("care-homes", "voluntary-sector", "westport")
COPY = """Text for everybody.

::: newsletter
### Flu jabs are open

Summary of flu. Whoever looks after somebody at home can have a free flu jab until the end of March.

- Ask at [your pharmacy](https://www.example.org/flu), no letter is needed.
- Bring a friend who has not had theirs.
:::
"""


@dataclass(frozen=True, slots=True)
class Due:
    """A toolkit, on which day it is approved, for whom, and where in an issue."""

    day: int
    meant: tuple[str, ...] = AUDIENCES
    heading: str = "for-information"
    body: str = "Text for everybody."


ITEMS = {
    "flu": Due(0, heading="for-action", body=COPY),
    "heat": Due(2),
    "beds": Due(4, ("care-homes",)),
    "hours": Due(9),
    "norovirus": Due(11, heading="for-action"),
    "training": Due(14, ("westport",)),
}


class Calendar:
    """A clock that goes on by itself, and is put forward."""

    def __init__(self, begin: datetime) -> None:
        self._begin, self._began = begin, time.monotonic()

    def __call__(self) -> datetime:
        return self._begin + timedelta(seconds=time.monotonic() - self._began)

    def put_to(self, when: datetime) -> None:
        """Never back."""
        assert when > self()
        self._begin, self._began = when, time.monotonic()


@dataclass(frozen=True, slots=True)
class County:
    """Everything in one process, behind its real server, with a real mail server beside it."""

    base: str
    database: Database
    mail: SmtpServer
    clock: Calendar
    author: Person
    approver: Person

    def sign_in(self, context: BrowserContext, who: Person) -> None:
        """Begin a working day, without the pages of signing in."""
        with self.database.writing() as session:
            token = visits.begin(session, who.id, address="127.0.0.1", browser="", now=self.clock())
        context.add_cookies([{"name": "cascade", "value": token, "url": self.base}])

    def approve(self, name: str) -> None:
        """One writes a toolkit, and another approves it."""
        due = ITEMS[name]
        more = {"heading": due.heading, "segments": f"[{', '.join(due.meant)}]"}
        written = county.text(name, body=due.body, **more)
        with self.database.writing() as session:
            now = self.clock()
            version = publish(session, written, by=self.author.email, now=now)
            signing.submit(session, version.id, by=self.author, now=now)
            signing.approve(session, version.id, by=self.approver, now=now)

    def stands(self, number: int) -> str:
        """The state of an issue; empty where it is not open yet."""
        with self.database.reading() as session:
            found = issues.listing(session, making.find(session, "round-up"))
        return {one.number: str(one.state) for one in found.lines}.get(number, "")

    def graded(self, group: str) -> str:
        """How well the only use by a group is known."""
        with self.database.reading() as session:
            wanted = select(Repost.grade).where(Repost.group_name == group)
            return session.scalars(wanted).one()

    def mails(self, said: str) -> dict[str, str]:
        """The text by its recipient, of mail in which this is said."""
        return {to: words for to, words in self._texts() if said in words}

    def received(self) -> Counter[tuple[str, str]]:
        """How often which reader got which item."""
        return Counter(
            (to, name)
            for to, words in self._texts()
            for name in ITEMS
            if f"Summary of {name}." in words
        )

    def _texts(self) -> list[tuple[str, str]]:
        """Who got what so far."""
        return [(one.recipient, text(read(one.raw))) for one in list(self.mail.accepted)]


@contextmanager
def round_up(url: str) -> Iterator[County]:
    """Serve it, with its workers, in an empty database."""
    with ExitStack() as stack:
        database = connect(url)
        stack.callback(database.close)
        mail = stack.enter_context(SmtpServer())
        opened, base = listening()
        clock = Calendar(MONDAY)
        _fill(database)
        author = person(database, MONDAY, "author", email="amina@example.org", name="Amina")
        approver = person(database, MONDAY, "approver", email="joss@example.org", name="Joss")
        # Links lead to this very machine, as the page of the group does.
        chosen = settings(base_url=base, smtp_url=mail.url, desk="link", check_loopback=True)
        stack.enter_context(running(replace(make_runtime(chosen, database), now=clock)))
        stack.enter_context(serving(chosen, database, clock, opened))
        yield County(base, database, mail, clock, author, approver)


def wanted(session: Session) -> set[tuple[str, str]]:
    """Every reader with every item that is meant for an audience that they are in."""
    return {
        (address, name)
        for address in session.scalars(select(Contact.email))
        for name, due in ITEMS.items()
        # Who somebody is stands in their address.
        if any(audience in address for audience in due.meant)
    }


def _fill(database: Database) -> None:
    with database.writing() as session:
        world.seed(session)
        session.add(Segment(name="westport", title="Westport", rule={"place": ["Westport"]}))
        for kind in ("care-homes", "voluntary-sector", "pharmacies"):
            for prefix in ("", "westport-"):
                world.add_people(session, 2, kind=kind, prefix=prefix, now=MONDAY)
        in_westport = Organisation.key.startswith("westport-")
        session.execute(update(Organisation).where(in_westport).values(place="Westport"))
        county.bulletin(session, segments=AUDIENCES)
