"""A small county with one cascade in it, published and released by the real stages."""

import base64
import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from cascade.audience.records import Contact, Organisation, Segment
from cascade.audience.search_words import learn_everything
from cascade.bulletins import collecting, issues, making, subscribers
from cascade.bulletins.making import Wanted
from cascade.bulletins.schedules import Schedule
from cascade.config import Settings
from cascade.database import Database, connect
from cascade.inserts import keeping, reading
from cascade.library import assets, drafts
from cascade.library.pictures import examine
from cascade.library.publish import publish
from cascade.library.records import Toolkit
from cascade.links import Links
from cascade.look import logos
from cascade.look.logos import GivenLogo
from cascade.reposts import using
from cascade.reposts.records import Taker
from cascade.sending.plan import Release, release
from cascade.sending.records import Cascade, Delivery
from cascade.sending.states import DeliveryState, Grade, Tier
from cascade.sending.transitions import change
from tests.statements import opened

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
SECRET = "a secret that is only used in tests, and long enough"
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A picture of one pixel."""
DOT_HASH = hashlib.sha256(getattr(examine(DOT), "content", b"")).hexdigest()
"""Of the bytes that are kept of it."""
SEGMENTS = {"care-homes": "Care homes", "pharmacies": "Pharmacies"}
TEXT = """---
title: Cold weather alert
toolkit: cold-snap
campaign: Winter 2026
lead: West County ICB
spokesperson: Clinical lead for urgent care
action: Check your heating plan today.
contact: Questions to winter@example.org.
key_messages:
  - Keep rooms at **18°C** or warmer.
  - Check on residents who are at risk.
---
The weather will be very cold from Saturday. Dear {{ contact }}, this is for {{ organisation }}.

::: for care-homes
## What to do in care homes
Read the [cold weather plan](https://www.example.org/plan).

| Room | Warmth |
| --- | --- |
| Bedrooms | 18°C |
| Lounges | 21°C |
:::

::: for pharmacies
## What to do in pharmacies
Ask people who collect medicines whether they are warm.
:::
"""


@dataclass(frozen=True, slots=True)
class Scene:
    """A released cascade and the things that tests say about it."""

    database: Database
    links: Links
    cascade: int
    deliveries: Sequence[int]
    now: datetime
    asset: str
    """Hash and name of a picture, as in its address."""

    def confirm_path(self, which: int = 0) -> str:
        """The path that one recipient's message links to."""
        return f"/c/{self.links.token('confirm', self.deliveries[which])}"

    def unsubscribe_path(self, which: int = 0) -> str:
        return f"/u/{self.links.token('unsubscribe', self.deliveries[which])}"

    def accept(self, *which: int) -> None:
        """The recipients' servers accept these deliveries."""
        with self.database.writing() as session:
            for one in which:
                change(
                    session,
                    self.deliveries[one],
                    now=self.now,
                    event="accepted",
                    state=DeliveryState.ACCEPTED,
                    grade=Grade.E,
                )

    def set_state(self, state: str) -> None:
        """Put the cascade into a state, as its control or its end would."""
        with self.database.writing() as session:
            session.get_one(Cascade, self.cascade).state = state


def settings(**changed: object) -> Settings:
    """Settings of a test installation, whose desk is open."""
    values: dict[str, object] = {
        "secret_key": SECRET,
        "desk": "open",
        "cell": "West County communications",
        "sender": "West County <news@example.org>",
        "base_url": "http://127.0.0.1:8000",
    }
    return Settings.model_validate(values | changed)


def build(
    database: Database,
    now: datetime,
    *,
    tier: Tier = Tier.URGENT,
    exercise: bool = False,
    homes: int = 3,
    text: str = TEXT,
    base_url: str = "http://127.0.0.1:8000",
) -> Scene:
    """Fill an empty database with care homes and one pharmacy, and release the toolkit to them."""
    with database.writing() as session:
        session.execute(insert(Segment), [_segment(*pair) for pair in SEGMENTS.items()])
        kinds = ["care-homes"] * homes + ["pharmacies"]
        session.execute(
            insert(Organisation), [_organisation(*one, now) for one in enumerate(kinds, 1)]
        )
        session.execute(
            insert(Contact), [_contact(number, now) for number in range(1, len(kinds) + 1)]
        )
        learn_everything(session)
        publish(session, text, by="A. Writer", now=now)
        drafts.begin(session, by="writer@example.org", now=now, text=text)
        asset, _ = assets.add(
            session, DOT, name="dot.png", alt="A dot", by="writer@example.org", now=now
        )
        logos.add(session, GivenLogo(DOT, "A dot"), by="ann@example.org", now=now)
        hours = keeping.begin(session, "hours", "Opening hours", by="ann@example.org", now=now)
        given = reading.Given(("Place", "Name"), (("Westbury", "Mill <b>"), ("Easton", "=1+1")))
        keeping.keep(session, hours, given, revision=0, said="Made", by="ann@example.org", now=now)
        toolkit = session.scalars(select(Toolkit)).one()
        _use(session, toolkit.id, now)
        planned = release(
            session,
            Release(toolkit, tuple(SEGMENTS), tier, by="B. Releaser", exercise=exercise),
            now,
            sign_off=False,
        )
        deliveries = session.scalars(select(Delivery.id).order_by(Delivery.id)).all()
        _bulletin(session, toolkit.name, now)
    assert planned.cascade is not None
    picture = f"{asset.sha256}/{asset.name}"
    return Scene(database, Links(SECRET, base_url), planned.cascade, deliveries, now, picture)


def _bulletin(session: Session, toolkit: str, now: datetime) -> None:
    """A bulletin with an issue that has one item, and somebody who asked for it."""
    wanted = Wanted(
        "round-up", "County round-up", ["care-homes"], Schedule("weekly", time(10), weekday=1)
    )
    of = making.add(session, wanted, by="ann@example.org", now=now)
    issue = issues.open_next(session, of, by="ann@example.org", now=now)
    collecting.take_in(session, of, issue, toolkit, sign_off=False)
    subscribers.ask(session, of, "reader@example.org", now)


def kept(template: Path, folder: Path) -> tuple[Path, Scene]:
    """A built scene in a file that can be copied: building it takes ten times as long."""
    file = folder / "released.db"
    shutil.copy(template, file)
    with closing(connect(f"sqlite:///{file}")) as database:
        return file, build(database, NOW)


@contextmanager
def copied(built: tuple[Path, Scene], folder: Path) -> Iterator[Scene]:
    """A copy of a built scene, with a database of its own."""
    file = shutil.copy(built[0], folder / "scene.db")
    with closing(opened(f"sqlite:///{file}")) as database:
        yield replace(built[1], database=database)


def ticking(now: datetime) -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: now


def _use(session: Session, toolkit: int, now: datetime) -> None:
    """Somebody took the toolkit, and told us that they used it."""
    session.add(Taker(toolkit_id=toolkit, email="jo@club.example.org", name="Club", asked_at=now))
    session.flush()
    given = using.Given(
        group="Lunch Club",
        email="jo@club.example.org",
        way="noticeboard",
        used_on=now.date().isoformat(),
        people="40",
        link="https://club.example.org/news",
        words="By the <door>",
        picture=DOT,
    )
    using.keep(session, toolkit, using.checked(given, now, now), now=now, taker=1)


def _segment(name: str, title: str) -> dict[str, object]:
    return {"name": name, "title": title, "rule": {"kind": [name]}}


def _organisation(number: int, kind: str, now: datetime) -> dict[str, object]:
    return {
        "id": number,
        "key": f"O{number}",
        "name": f"{'Oak House' if kind == 'care-homes' else 'Corner Pharmacy'} {number}",
        "kind": kind,
        "place": "Westport",
        "has_address": True,
        "updated_at": now,
    }


def _contact(number: int, now: datetime) -> dict[str, object]:
    address = f"manager{number}@home{number}.example.org"
    return {
        "organisation_id": number,
        "key": address,
        "name": f"Sam Manager {number}",
        "role": "Manager",
        "email": address,
        "updated_at": now,
    }
