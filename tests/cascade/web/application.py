"""The real application, with its templates compiled once for all tests: it takes a second."""

from collections.abc import Callable
from datetime import datetime
from types import CodeType

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from cascade.config import Settings
from cascade.database import Database
from cascade.web.app import create_app


class _Kept(BytecodeCache):
    """Compiled templates of this process."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._code[bucket.key, bucket.checksum] = bucket.code


_KEPT = _Kept()


def open_app(settings: Settings, database: Database, clock: Callable[[], datetime]) -> Flask:
    """What `create_app` gives."""
    app = create_app(settings, database, clock=clock)
    app.jinja_env.bytecode_cache = _KEPT
    app.extensions["cascade-counting"].every = None  # written when a test says so
    return app
