"""Reports of use for a county, straight through the driver."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from bench.made_up import address_of, name
from cascade.sending.driver import insert, moment_text

MANY = 5_000


def put(session: Session, homes: int, kind: Callable[[int], str], now: datetime) -> None:
    """Reports of use, every other one by an organisation that we know."""
    at, ways = moment_text(session, now), ("newsletter", "link", "radio", "meeting")
    insert(
        session,
        "reposts",
        (
            *("id", "toolkit_id", "organisation_id", "kind", "group_name", "group_key", "email"),
            *("way", "used_on", "people", "link", "words", "reported_at", "reported_by", "grade"),
            *("withdrawn_by", "withdrawn_why"),
        ),
        (
            (
                *(one, 1, home if one % 2 else None, kind(home) if one % 2 else ""),
                *(name(home), f"o:{home}" if one % 2 else f"n:{name(home).lower()} {one}"),
                *(address_of(home), ways[one % 4], now.date().isoformat(), one % 300 + 1),
                *(f"https://club.example.org/{one}", f"On page {one % 9} of our news", at),
                *("", ("seen", "reported", "unverified")[one % 3], "", ""),
            )
            for one in range(1, MANY + 1)
            for home in (one % homes + 1,)
        ),
    )
