"""For gunicorn: `gunicorn "cascade.web.wsgi:app()"`."""

from datetime import UTC, datetime

from flask import Flask

from cascade import logs
from cascade.config import load
from cascade.database import connect
from cascade.web.app import create_app


def app() -> Flask:
    """The application that the settings describe."""
    logs.configure()
    settings = load()
    return create_app(settings, connect(settings.database_url), clock=lambda: datetime.now(UTC))
