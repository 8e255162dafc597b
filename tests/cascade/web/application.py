"""The real application, with its templates compiled once for all tests: it takes a second."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from cascade.config import Settings
from cascade.database import Database
from cascade.web.app import create_app


class _Kept(BytecodeCache):
    """Compiled templates of this process."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


_KEPT = _Kept()


def open_app(settings: Settings, database: Database, clock: Callable[[], datetime]) -> Flask:
    """What `create_app` gives."""
    app = create_app(settings, database, clock=clock)
    app.jinja_env.bytecode_cache = _KEPT
    app.extensions["cascade-counting"].every = None  # written when a test says so
    return app
