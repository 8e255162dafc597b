"""What a background process works with, made once and handed to everything it starts."""

import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cascade.config import Settings
from cascade.database import Database
from cascade.identity import Identity, identity
from cascade.links import Links
from cascade.reposts.following_up import FollowUp
from cascade.sending.compositor import Compositor
from cascade.sending.pace import Limits
from cascade.sign_off import clearance
from channels.base import Channel
from channels.smtp import SmtpAddress, SmtpChannel


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def holder() -> str:
    """Machine and process: who holds a claim, or shows a sign of life."""
    return f"{socket.gethostname()}:{os.getpid()}"


@dataclass(frozen=True)
class Runtime:
    """Database, composition, channels and time of one process."""

    database: Database
    compositor: Compositor
    open_channel: Callable[[], Channel]
    links: Links
    identity: Identity
    limits: Limits = field(default_factory=Limits)
    sign_off: clearance.Setting = "auto"
    check_loopback: bool = False
    """Whether reported links may lead to this very machine: in tests and the demonstration."""
    follow_up: FollowUp | None = None
    """Asks takers how it went; None: nobody is asked."""
    now: Callable[[], datetime] = utc_now
    stopping: threading.Event = field(default_factory=threading.Event)
    holder: str = field(default_factory=holder)


def make_runtime(settings: Settings, database: Database) -> Runtime:
    """The runtime that the settings describe."""
    address = SmtpAddress.parse(settings.smtp_url)
    links, ours = Links(settings.secret, settings.base_url), identity(settings)
    return Runtime(
        database=database,
        compositor=Compositor(links, ours),
        open_channel=lambda: SmtpChannel(address, connections=settings.smtp_connections),
        links=links,
        identity=ours,
        limits=Limits(settings.rate_limit, settings.domain_rate_limit),
        sign_off=settings.sign_off,
        check_loopback=settings.check_loopback,
        follow_up=follow_up(settings),
    )


def follow_up(settings: Settings) -> FollowUp | None:
    """What asks takers how it went, unless that is turned off."""
    if not settings.follow_up_days:
        return None
    return FollowUp(Links(settings.secret, settings.base_url), identity(settings))
