"""What costs much to count is kept for half a minute, and never past an act."""

from datetime import datetime, timedelta

from flask import Flask

from cascade.web.lately import KEPT, lately
from cascade.web.site import site
from tests.cascade.web.application import open_app
from tests.cascade.web.people import browser, person, stamp
from tests.cascade.web.scene import Scene, settings


class Hand:
    """A clock that is set by hand."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def counted(app: Flask, numbers: list[int]) -> int:
    with app.app_context():
        return lately("numbers", lambda: len(numbers))


def test_a_count_is_kept_for_half_a_minute_and_no_longer(scene: Scene, now: datetime) -> None:
    clock = Hand(now)
    app = open_app(settings(), scene.database, clock)
    numbers = [1]
    assert counted(app, numbers) == 1
    numbers.append(2)
    clock.now = now + KEPT - timedelta(seconds=1)
    assert counted(app, numbers) == 1
    clock.now = now + KEPT
    assert counted(app, numbers) == 2
    numbers.append(3)
    clock.now = now - timedelta(hours=1)
    assert counted(app, numbers) == 3


def test_reading_a_page_keeps_a_count_and_an_act_drops_it(scene: Scene, now: datetime) -> None:
    app = open_app(settings(), scene.database, Hand(now))
    who = browser(app, scene.database, person(scene.database, now, "author"), now)
    numbers = [1]
    assert counted(app, numbers) == 1
    numbers.append(2)
    assert who.get("/segments").status_code == 200
    assert counted(app, numbers) == 1
    who.post("/organisations/1/close", data={"stamp": stamp(who)})
    assert counted(app, numbers) == 2


def test_only_so_many_counts_are_kept_at_once(scene: Scene, now: datetime) -> None:
    app = open_app(settings(), scene.database, Hand(now))
    with app.app_context():
        for number in range(100):
            lately(f"choice {number}", lambda kept=number: kept)
        assert len(site().counted) == 16
        assert lately("choice 99", lambda: -1) == 99
