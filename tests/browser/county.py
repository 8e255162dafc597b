"""An installation in which every page has something on it, and somebody who may see all of it."""

import io
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from cascade.accounts import users, visits
from cascade.accounts.permissions import Role
from cascade.accounts.users import Person
from cascade.audience import merging, suppression
from cascade.audience.records import Segment
from cascade.evidence.confirm import Answer, confirm
from cascade.library.keeping import keep
from cascade.library.publish import find, publish
from cascade.library.records import ToolkitVersion
from cascade.sending import control
from cascade.sending.plan import Release, release
from cascade.sending.states import DeliveryState, Tier
from cascade.sending.transitions import change
from cascade.sign_off import approvers, signing
from tests.cascade.accounts.people import turn_on
from tests.cascade.bulletins import archived
from tests.cascade.web.cell import CHANGED
from tests.cascade.web.people import link, person, stamp
from tests.cascade.web.scene import TEXT, Scene

LONG = "Josephine Bloggs-Featherstonehaugh"
FILE = (
    "organisation,kind,code,place,contact,email\n"
    "Elm House,care homes,E1,Westport,Ann,ann@elm.example.org\n"
    "Oak House 1,care homes,,Westport,Sam Manager 1,manager1@home1.example.org\n"
    "Bad,vet,V1,Ambleby,Cy,cy@bad.example.org\n"
)
THAW = TEXT.replace("toolkit: cold-snap", "toolkit: thaw").replace("Cold weather", "Thaw")
FLOOD = TEXT.replace("toolkit: cold-snap", "toolkit: flood").replace("Cold weather", "Flood")


@dataclass(frozen=True, slots=True)
class County:
    """The scene, and the cookies of who has every role: with a second step, and without."""

    scene: Scene
    complete: str
    lacking: str
    reset: str
    door: str


def fill(scene: Scene) -> County:
    """Bring life to a built scene."""
    author, approver, first = (_of_the_cell(scene, *one) for one in _CELL)
    _sign_off(scene, author, approver)
    _release(scene, first)
    _answer(scene)
    _look_after(scene, approver)
    _publish_issue(scene)
    jo = person(scene.database, scene.now, *Role, name=LONG)
    kim = person(scene.database, scene.now, *Role, email="kim@example.org", name=LONG)
    turn_on(scene.database, jo, scene.now)
    return County(
        scene,
        _visit(scene, jo),
        _visit(scene, kim),
        reset=link(scene.database, kim, "reset", scene.now),
        door=link(scene.database, jo, "sign-in", scene.now),
    )


_CELL = (("Ann", Role.AUTHOR), ("Cy", Role.APPROVER), ("Fay", Role.RELEASER))


def _of_the_cell(scene: Scene, name: str, role: Role) -> Person:
    email = f"{name.lower()}@example.org"
    who = person(scene.database, scene.now, role, email=email, name=name)
    turn_on(scene.database, who, scene.now)
    with scene.database.reading() as session:
        return users.get(session, who.id)


def _sign_off(scene: Scene, author: Person, approver: Person) -> None:
    """Version 2 is approved, 3 was returned with a comment, 4 waits; a draft is changed."""
    with scene.database.writing() as session:
        keep(session, 1, CHANGED, revision=1, by=author.email, now=scene.now)
        for text in (CHANGED, THAW, FLOOD):
            publish(session, text, by=author.email, now=scene.now)
        approved, returned, waiting = session.scalars(
            select(ToolkitVersion.id).where(ToolkitVersion.id > 1).order_by(ToolkitVersion.id)
        )
        signing.submit(session, approved, by=author, now=scene.now)
        signing.approve(session, approved, by=approver, now=scene.now)
        signing.submit(session, returned, by=author, now=scene.now, note="Is this right?")
        comment = signing.Comment(1, "Say which " + "x" * 60)
        signing.give_back(session, returned, by=approver, now=scene.now, comments=[comment])
        signing.submit(session, waiting, by=author, now=scene.now)


def _release(scene: Scene, by: Person) -> None:
    """Cascade 2 waits for a second person, 3 is paused, 4 goes out later, 5 is withdrawn."""
    with scene.database.writing() as session:
        toolkit, now = find(session, "cold-snap"), scene.now
        later = now + timedelta(days=2)
        for tier, send_at in (
            (Tier.URGENT, None),
            (Tier.ROUTINE, None),
            (Tier.IMPORTANT, later),
            (Tier.ROUTINE, later),
        ):
            wanted = Release(
                toolkit, ("care-homes",), tier, by.email, by, send_at=send_at, again=True
            )
            release(session, wanted, now, sign_off=True)
        control.pause(session, 3, by=by.email, now=now)
        control.withdraw(session, 5, by=by.email, now=now)


def _answer(scene: Scene) -> None:
    """Of the first cascade one is confirmed, one wants a call, one bounced."""
    scene.accept(0, 1)
    with scene.database.writing() as session:
        for which, answer, staff in ((0, "passed-on", 12), (1, "call-me", None)):
            given = Answer(answer, LONG, "Manager", staff, comment="Please ring. " * 20)
            confirm(session, scene.deliveries[which], given, now=scene.now)
        for state in (DeliveryState.CLAIMED, DeliveryState.BOUNCED):
            change(
                session,
                scene.deliveries[2],
                now=scene.now,
                event=state,
                detail="550 5.1.1 no such user",
                state=state,
            )


def _look_after(scene: Scene, approver: Person) -> None:
    """Suppressed addresses, a named approver, somebody invited, organisations made one."""
    with scene.database.writing() as session:
        for reason in ("unsubscribed", "bounced", "complained"):
            email = f"{reason}.and.a.long.address@home1.example.org"
            suppression.add(session, email, reason, "asked by phone on 3 May", scene.now)
        approvers.name_approver(session, "campaign", "Winter 2026", approver)
        closed = users.add(
            session, email="closed@example.org", name="Al", roles=["viewer"], now=scene.now
        )
        users.close(session, closed.id, scene.now)
        merging.merge(session, 1, 3, seen=(scene.now, scene.now), now=scene.now)


def _visit(scene: Scene, who: Person) -> str:
    with scene.database.writing() as session:
        for _ in range(2):
            token = visits.begin(
                session, who.id, address="192.0.2.7", browser="Firefox on Linux", now=scene.now
            )
    return token


def bring(app: Flask, county: County) -> str:
    """A file of contacts is looked at and not yet imported; gives the address of its page."""
    client: FlaskClient = app.test_client()
    client.set_cookie("cascade", county.complete)
    data = {"stamp": stamp(client), "file": (io.BytesIO(FILE.encode()), "a.csv")}
    return str(client.post("/organisations/import", data=data).headers["Location"])


def _publish_issue(scene: Scene) -> None:
    """A bulletin for everybody, with an issue that went out."""
    with scene.database.writing() as session:
        name = "voluntary-sector"
        session.add(Segment(name=name, title="Volunteers", rule={"kind": [name]}, public=True))
        archived.first(session, scene.now, "county-news")
