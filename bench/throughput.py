"""10,000 recipients, 5 variants: from the release to the last acceptance recorded.

Between two runs of the wire (postfix's smtp-source), with a plain script beside it, several times
over, because machines drift: what counts is the median of the ratios. Then 100,000 for the memory.
"""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from statistics import median

from bench import stage
from bench.plain import plain_script, size
from cascade.audience.segments import FIRST
from cascade.sending.states import Tier

PEOPLE = 10_000
MANY = 100_000
PLAIN = 500
TIMES = 5


def main() -> None:
    """Print the wire, the plain script, and Cascade both ways, with ratios."""
    with stage.sink() as port:
        stage.wire(port, 2000)
        _say(f"wire: smtp-source -d -s 8, {stage.SIZE} bytes; plain script: {size()} bytes")
        for name, installation in (
            ("SQLite, embedded", stage.embedded),
            ("PostgreSQL, Redis, 2 workers", stage.scaled_out),
        ):
            _say(f"\n{name}, {PEOPLE} recipients (messages a second)")
            _measure(installation, port)


def _measure(
    installation: Callable[[int, int], AbstractContextManager[stage.Installation]], port: int
) -> None:
    with installation(port, PEOPLE) as running:
        ratios, times = zip(*(_round(running, port) for _ in range(TIMES)), strict=True)
        small = running.peaks()
    _say(f"  median: {median(ratios):.2f} of the wire, {median(times):.1f} x the plain script")
    with installation(port, MANY) as running:
        rate, number = _rate(running)
        large = running.peaks()
    _say(f"  {MANY} recipients: {rate:.0f}   ({number} accepted)")
    _say(f"  most memory of each sender: {_mb(small)} after {TIMES} x {PEOPLE}")
    _say(f"                              {_mb(large)} after {MANY}")


def _round(running: stage.Installation, port: int) -> tuple[float, float]:
    """Cascade beside what it is compared with: its part of the wire, its times the script."""
    before = stage.wire(port, PEOPLE)
    rate, _ = _rate(running)
    wire = (before + stage.wire(port, PEOPLE)) / 2
    plain = plain_script(port, PLAIN)
    _say(
        f"  wire {wire:6.0f}   cascade {rate:6.0f}   plain {plain:5.0f}"
        f"   of the wire {rate / wire:.2f}   x plain {rate / plain:.1f}"
    )
    return rate / wire, rate / plain


def _rate(running: stage.Installation) -> tuple[float, int]:
    start = datetime.now(UTC)
    cascade = stage.send(running, FIRST, Tier.IMPORTANT)
    stage.await_sent(running, cascade)
    _, last, number = stage.acceptances(running, cascade)
    return number / (last - start).total_seconds(), number


def _mb(sizes: list[float]) -> str:
    return ", ".join(f"{one:.0f} MB" for one in sizes)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
