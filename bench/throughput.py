"""10,000 recipients, 5 variants: from the release to the last acceptance recorded.

In one run with the wire (postfix's smtp-source) and a plain script; then 100,000 for the memory.
"""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from bench import stage
from bench.plain import plain_script, size
from cascade.audience.segments import FIRST
from cascade.sending.states import Tier

PEOPLE = 10_000
MANY = 100_000


def main() -> None:
    """Print the wire, the plain script, and Cascade both ways, with ratios."""
    with stage.sink() as port:
        stage.wire(port, 2000)
        wire = stage.wire(port, PEOPLE)
        plain = plain_script(port, 1000)
        _say(f"wire (smtp-source -d -s 8, {stage.SIZE} bytes)     {wire:8.0f} messages/s")
        _say(f"plain script ({size()} bytes, 1,000 messages)      {plain:8.0f} messages/s")
        for name, installation in (
            ("SQLite, embedded", stage.embedded),
            ("PostgreSQL, Redis, 2 workers", stage.scaled_out),
        ):
            _measure(name, installation, port, wire, plain)


def _measure(
    name: str,
    installation: Callable[[int, int], AbstractContextManager[stage.Installation]],
    port: int,
    wire: float,
    plain: float,
) -> None:
    with installation(port, PEOPLE) as running:
        rate, number = _rate(running)
        peaks = running.peaks()
        _say(f"{name:<42}{rate:8.0f} messages/s   ({number} accepted)")
        _say(f"  of the wire {rate / wire:.2f}   times the plain script {rate / plain:.1f}")
    again = stage.wire(port, PEOPLE)
    _say(f"  the wire again, after it: {again:.0f} messages/s, ratio {rate / again:.2f}")
    with installation(port, MANY) as running:
        rate, number = _rate(running)
        small, large = (
            ", ".join(f"{one:.0f}" for one in each) for each in (peaks, running.peaks())
        )
        _say(f"  {MANY} recipients: {rate:.0f} messages/s   ({number} accepted)")
        _say(f"  peak memory of each sender: {small} MB after {PEOPLE}, {large} MB after {MANY}")


def _rate(running: stage.Installation) -> tuple[float, int]:
    start = datetime.now(UTC)
    cascade = stage.send(running, FIRST, Tier.IMPORTANT)
    stage.await_sent(running, cascade)
    _, last, number = stage.acceptances(running, cascade)
    return number / (last - start).total_seconds(), number


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
