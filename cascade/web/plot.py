"""Confirmations over time as a picture: the points of an SVG, in a box of 600 by 200."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cascade.reporting.confirmed import Progress

WIDTH, HEIGHT = 600, 200


@dataclass(frozen=True, slots=True)
class Plot:
    """Where the lines go."""

    line: str
    """Path of the steps of what was confirmed."""
    area: str
    """The same, closed at the bottom."""
    deadline: float | None
    """Distance from the left."""


def plot(progress: Progress) -> Plot:
    """The picture of how confirmations came in."""
    points = list(_points(progress))
    line = " ".join(f"{'L' if number else 'M'}{x:g} {y:g}" for number, (x, y) in enumerate(points))
    area = f"{line} L{points[-1][0]:g} {HEIGHT} L0 {HEIGHT} Z"
    deadline = progress.deadline_at
    return Plot(line, area, None if deadline is None else _across(progress, deadline))


def _points(progress: Progress) -> Iterator[tuple[float, float]]:
    yield 0, HEIGHT
    for step in progress.steps:
        yield _across(progress, step.ends), _up(progress, step.confirmed)


def _across(progress: Progress, at: datetime) -> float:
    length = (progress.ends - progress.begins).total_seconds()
    return round(WIDTH * (at - progress.begins).total_seconds() / length, 1)


def _up(progress: Progress, confirmed: int) -> float:
    return round(HEIGHT * (1 - confirmed / max(1, progress.organisations)), 1)
