"""What costs much to count, kept for half a minute: pages that show it say so."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar, cast

from flask import Flask, Response, request

from cascade.web.site import site

KEPT = timedelta(seconds=30)
_MOST = 16
"""Counts that are kept at once: some are of choices, of which there are any number."""

Found = TypeVar("Found")


def lately(name: str, count: Callable[[], Found]) -> Found:
    """What was counted under this name up to half a minute ago, else what is counted now."""
    kept, now = site().counted, site().clock()
    at, found = kept.get(name, (now - KEPT, None))
    if timedelta(0) <= now - at < KEPT:
        return cast(Found, found)
    counted = count()
    kept.pop(name, None)
    kept[name] = now, counted
    for oldest in list(kept)[:-_MOST]:
        kept.pop(oldest, None)
    return counted


def register(app: Flask) -> None:
    """Count anew after every act, so that nobody misses what they just did."""
    app.after_request(_forget)


def _forget(answer: Response) -> Response:
    if request.method not in ("GET", "HEAD"):
        site().counted.clear()
    return answer
