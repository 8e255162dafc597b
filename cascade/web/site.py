"""What every page may use: the settings, database, links and clock of its application."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, cast

from flask import current_app

from cascade.config import Settings
from cascade.database import Database
from cascade.links import Links

if TYPE_CHECKING:
    from cascade.openid.provider import Provider

NAME = "cascade"


@dataclass(frozen=True, slots=True)
class Site:
    """One installation, as its pages see it."""

    settings: Settings
    database: Database
    links: Links
    clock: Callable[[], datetime]
    provider: "Provider | None" = None
    """Of sign-in by OpenID Connect; None: not configured."""
    counted: dict[str, tuple[datetime, object]] = field(default_factory=dict)
    """What `cascade.web.lately` keeps, and when it was counted."""

    @property
    def is_https(self) -> bool:
        return self.settings.base_url.startswith("https://")


def site() -> Site:
    """The site of the request that is being answered."""
    return cast(Site, current_app.extensions[NAME])
