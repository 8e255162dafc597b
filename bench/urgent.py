"""5,000 immediate messages released while 100,000 routine ones are being sent."""

import sys
import time
from datetime import UTC, datetime

from bench import stage
from cascade.audience.segments import FIRST
from cascade.sending.states import Tier

ROUTINE = 100_000
URGENT = 5_000


def main() -> None:
    """Print when the first and the last went out, alone and in the crowd."""
    with stage.sink() as port:
        for name, installation in (
            ("SQLite, embedded", stage.embedded),
            ("PostgreSQL, Redis, 2 workers", stage.scaled_out),
        ):
            # A segment of 5,000 is a twentieth of the audience: one kind, cut by a place.
            with installation(port, ROUTINE) as running:
                _cut_off(running)
                alone = _urgent(running)
                routine = stage.send(running, FIRST, Tier.ROUTINE)
                while stage.accepted(running, routine) < ROUTINE // 20:
                    time.sleep(0.05)
                crowded = _urgent(running)
                left = ROUTINE - stage.accepted(running, routine)
                sys.stdout.write(
                    f"{name}: alone first {alone[0]:.2f} s, all {alone[1]:.2f} s; among routine "
                    f"({left} still to go afterwards) first {crowded[0]:.2f} s, all "
                    f"{crowded[1]:.2f} s: ratio {crowded[1] / alone[1]:.2f}\n"
                )
                sys.stdout.flush()


def _cut_off(running: stage.Installation) -> None:
    from sqlalchemy import update

    from cascade.audience.records import Organisation, Segment

    with running.database.writing() as session:
        session.execute(
            update(Organisation).where(Organisation.id <= URGENT).values(place="Near the river")
        )
        session.add(
            Segment(name="flooded", title="Near the river", rule={"place": ["Near the river"]})
        )


def _urgent(running: stage.Installation) -> tuple[float, float]:
    """Seconds from the release to the first and to the last acceptance."""
    start = datetime.now(UTC)
    cascade = stage.send(running, ["flooded"], Tier.IMMEDIATE)
    stage.await_sent(running, cascade)
    first, last, number = stage.acceptances(running, cascade)
    assert number == URGENT, number
    return (first - start).total_seconds(), (last - start).total_seconds()
