"""The first page: what waits for whom, what is on its way, the week ahead."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, update

from cascade.library.publish import publish
from cascade.sending import control
from cascade.sending.countersigning import end_uncountersigned
from cascade.sending.records import Cascade, Circuit
from cascade.sending.states import CascadeState
from cascade.sign_off import signing
from cascade.sign_off.records import SignOff
from tests.cascade.web.cell import CHANGED, Cell, Desk, gathered
from tests.cascade.web.scene import NOW, Scene


@pytest.fixture
def cell(closed: Flask, scene: Scene, now: datetime) -> Cell:
    return gathered(closed, scene, now)


def needs(desk: Desk) -> str:
    page = desk.get("/")
    return page[page.index('id="needs"') : page.index("</section>", page.index('id="needs"'))]


def change(cell: Cell, **values: object) -> None:
    with cell.database.writing() as session:
        cascade = session.get_one(Cascade, 1)
        for name, value in values.items():
            setattr(cascade, name, value)


def test_an_approver_sees_what_waits_for_them_and_others_do_not(cell: Cell) -> None:
    cell.author.post(f"/versions/{cell.version}/submit")

    assert f'href="/versions/{cell.version}"' in needs(cell.approver)
    assert "/versions/" not in needs(cell.author)
    assert "/versions/" not in needs(cell.first)


def test_an_author_sees_what_came_back_until_a_new_version_is_there(cell: Cell) -> None:
    cell.author.post(f"/versions/{cell.version}/submit")
    with cell.database.writing() as session:
        signing.give_back(
            session, cell.version, by=cell.approver.who, now=cell.now, note="Which room?"
        )
    assert "returned by cy@example.org" in needs(cell.author)
    cell.author.post(f"/versions/{cell.version}/submit")
    assert "Nothing." in needs(cell.author)


def test_a_second_releaser_sees_what_to_countersign(cell: Cell) -> None:
    change(cell, state=CascadeState.AWAITING, released_by=cell.first.who.email)

    assert 'href="/cascades/1/countersign"' in needs(cell.second)
    assert "countersign" not in needs(cell.first)
    assert "countersign" not in needs(cell.author)


def test_releasers_see_for_a_day_what_nobody_countersigned(cell: Cell) -> None:
    change(cell, state=CascadeState.AWAITING, awaits_until=cell.now)
    with cell.database.writing() as session:
        end_uncountersigned(session, cell.now, "https://cascade.example.org")

    assert "was withdrawn: nobody countersigned it in time" in needs(cell.first)
    assert "countersigned" not in needs(cell.author)
    page = cell.first.get("/cascades/1")
    assert "nothing more goes out. Nobody countersigned it in time." in page
    assert "First sent" not in page
    change(cell, awaits_until=cell.now - timedelta(days=1, minutes=1))
    assert "countersigned" not in needs(cell.first)


def test_what_a_person_withdrew_is_no_news(cell: Cell) -> None:
    change(cell, state=CascadeState.AWAITING, awaits_until=cell.now)
    with cell.database.writing() as session:
        control.withdraw(session, 1, by=cell.first.who.email, now=cell.now)

    assert "was withdrawn" not in needs(cell.second)


def test_what_was_sent_before_it_was_withdrawn_has_its_time(cell: Cell, scene: Scene) -> None:
    scene.accept(0)
    scene.set_state("withdrawn")

    assert "First sent" in cell.first.get("/cascades/1")


def test_nobody_is_told_that_nothing_waits_while_it_waits_for_others(cell: Cell) -> None:
    cell.author.post(f"/versions/{cell.version}/submit")
    change(cell, state=CascadeState.AWAITING, released_by=cell.first.who.email)

    told = "Waiting for others: 1 text for an approver, 1 urgent release for a second releaser."
    assert "What waits for you" in needs(cell.author)
    assert told in needs(cell.author)
    assert told in needs(cell.first)
    assert "Waiting for others: 1 text for an approver." in needs(cell.second)
    assert "Waiting for others: 1 urgent release for a second" in needs(cell.approver)


def test_a_releaser_sees_what_was_approved_and_never_released(cell: Cell) -> None:
    cell.approve()
    assert 'href="/release/cold-snap"' in needs(cell.first)
    assert "1 approved text for a releaser" in needs(cell.author)
    assert "approved text" not in needs(cell.first)

    change(cell, version_id=cell.version)
    assert "/release/" not in needs(cell.first)
    change(cell, exercise=True)
    assert 'href="/release/cold-snap"' in needs(cell.first)


@pytest.mark.parametrize(
    "changed", [{"immediate_use": True}, {"decided_at": NOW - timedelta(days=15)}]
)
def test_what_is_kept_for_immediate_use_or_old_is_no_news(
    cell: Cell, changed: dict[str, object]
) -> None:
    cell.approve()
    with cell.database.writing() as session:
        session.execute(update(SignOff).values(**changed))

    assert "/release/" not in needs(cell.first)


def test_what_a_newer_version_replaced_is_not_to_be_released(cell: Cell) -> None:
    cell.approve()
    with cell.database.writing() as session:
        publish(session, CHANGED.replace("boiler", "fire"), by="Ann", now=cell.now)

    assert "/release/" not in needs(cell.first)


def test_everybody_sees_what_is_held_broken_or_overdue(cell: Cell) -> None:
    with cell.database.writing() as session:
        session.add(
            Circuit(
                channel="email",
                failures=3,
                open_until=cell.now + timedelta(minutes=1),
                reason="Connection refused",
            )
        )
    change(cell, state=CascadeState.HELD)
    assert "a person decides" in needs(cell.author)
    assert "Connection refused" in needs(cell.author)

    change(cell, state=CascadeState.SENT, deadline_at=cell.now - timedelta(hours=1))
    assert "4 of 4 organisations have not confirmed" in needs(cell.author)


def test_what_was_overdue_a_week_ago_is_spoken_of_no_longer(cell: Cell) -> None:
    change(cell, state=CascadeState.SENT, deadline_at=cell.now - timedelta(days=8))
    assert "Nothing." in needs(cell.author)


def test_what_is_on_its_way_shows_how_far_it_has_come(cell: Cell, scene: Scene) -> None:
    scene.accept(0, 1)
    page = cell.author.get("/")
    assert 'id="in-flight"' in page
    assert "<strong>2</strong> of 4 (50%)" in page

    change(cell, state=CascadeState.SENT)
    assert 'id="in-flight"' not in cell.author.get("/")


def test_the_week_ahead_names_what_goes_out_and_what_is_to_be_confirmed(cell: Cell) -> None:
    assert "is to be confirmed" in cell.author.get("/")

    change(cell, state=CascadeState.SCHEDULED, send_at=cell.now + timedelta(days=2))
    assert "goes out" in cell.author.get("/")
    change(cell, send_at=cell.now + timedelta(days=8), deadline_at=None)
    assert 'id="ahead"' not in cell.author.get("/")


def test_the_part_that_changes_is_served_by_itself_and_once(cell: Cell) -> None:
    first = cell.author.client.get("/today")
    assert 'id="needs"' in first.text
    assert "<html" not in first.text

    again = cell.author.client.get("/today", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", 'href="/" aria-current="page"'),
        ("/cascades/1", 'href="/" aria-current="true"'),
        ("/toolkits/help", 'href="/toolkits" aria-current="true"'),
        ("/versions/1", 'href="/toolkits" aria-current="true"'),
        ("/approvals", 'href="/approvals" aria-current="page"'),
        ("/segments/care-homes", 'href="/segments" aria-current="true"'),
    ],
)
def test_the_menu_marks_where_one_is(cell: Cell, path: str, current: str) -> None:
    page = cell.approver.get(path)
    menu = page[page.index('aria-label="Menu"') : page.index("</nav>", page.index('"Menu"'))]

    assert current in menu
    assert menu.count("aria-current") == 1


def test_the_page_asks_as_often_for_many_cascades_as_for_one(cell: Cell, scene: Scene) -> None:
    asked: list[str] = []
    event.listen(
        scene.database.engine,
        "before_cursor_execute",
        lambda connection, cursor, statement, *rest: asked.append(statement),
    )
    cell.first.get("/")  # the first of a process reads the look of the cell too
    asked.clear()
    cell.first.get("/")
    once = len(asked)
    with scene.database.writing() as session:
        one = session.get_one(Cascade, 1)
        names = [column.key for column in Cascade.__table__.columns if column.key != "id"]
        session.add_all(Cascade(**{name: getattr(one, name) for name in names}) for _ in range(30))
    asked.clear()

    cell.first.get("/")

    assert len(asked) == once
