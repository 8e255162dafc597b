"""Rate limits: token buckets in the database, so that they hold for all workers together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade.sending.records import RateBucket

ALL = "all messages"
"""Name of the bucket for all domains together; no domain has a blank in it."""
OTHERS = "*"
"""In the settings: every domain that isn't named."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages a second, 0 for no limit: to everybody together and to each domain."""

    together: float = 0
    domains: Mapping[str, float] = field(default_factory=dict)

    def of(self, domain: str) -> float:
        """The limit of one domain."""
        return self.domains.get(domain, self.domains.get(OTHERS, 0))


class Allowance:
    """What may go out now; take from it message by message, then keep what is left."""

    def __init__(self, session: Session, limits: Limits, now: datetime) -> None:
        self._session, self._limits, self._now = session, limits, now
        self._buckets: dict[str, RateBucket] = {}

    def take(self, domain: str, *, ahead: bool = False) -> bool:
        """Whether one more message may go to the domain now; if so, it's counted.

        `ahead`: on account of the next second, so that it doesn't wait for those without.
        """
        if not (self._limits.together or self._limits.domains):
            return True
        buckets = [
            (self._filled(name, rate), rate)
            for name, rate in ((ALL, self._limits.together), (domain, self._limits.of(domain)))
            if rate
        ]
        if any(bucket.tokens < 1 - (_most(rate) if ahead else 0) for bucket, rate in buckets):
            return False
        for bucket, _ in buckets:
            bucket.tokens -= 1
        return True

    def exhausted(self) -> list[str]:
        """Domains that get nothing more for now."""
        if not self._limits.domains:
            return []
        empty = self._session.scalars(
            select(RateBucket).where(RateBucket.tokens < 1, RateBucket.domain != ALL)
        ).all()
        for bucket in empty:
            self._filled(bucket.domain, self._limits.of(bucket.domain))
        return [bucket.domain for bucket in empty if bucket.tokens < 1]

    def none_left(self) -> bool:
        """Whether nothing at all may go out for now."""
        return bool(self._limits.together) and self._filled(ALL, self._limits.together).tokens < 1

    def _filled(self, name: str, rate: float) -> RateBucket:
        """The bucket with what time has put into it since; never more than one second's worth."""
        bucket = self._buckets.get(name)
        if bucket is None:
            bucket = self._session.get(RateBucket, name, with_for_update=True)
            if bucket is None:
                bucket = RateBucket(domain=name, tokens=_most(rate), filled_at=self._now)
                self._session.add(bucket)
            since = max((self._now - bucket.filled_at).total_seconds(), 0)
            bucket.tokens = min(bucket.tokens + since * rate, _most(rate))
            bucket.filled_at = self._now
            self._buckets[name] = bucket
        return bucket


def _most(rate: float) -> float:
    """What a bucket holds at most: one second's worth, and always a message."""
    return max(rate, 1)
