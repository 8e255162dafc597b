"""What is known of a provider, asked for again after an hour, by one thread at a time."""

from datetime import datetime, timedelta
from threading import Lock

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from cascade.errors import NotVouched
from cascade.openid.discovery import Endpoints, discover
from cascade.openid.fetching import document

LASTS = timedelta(hours=1)
AT_MOST_EVERY = timedelta(minutes=1)
"""For keys that are not known: whoever sends made-up tokens doesn't make us ask each time."""


class Knowledge:
    """Endpoints and keys of one provider."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer
        self._lock = Lock()
        self._endpoints: tuple[datetime, Endpoints] | None = None
        self._keys: tuple[datetime, KeySet] | None = None

    def endpoints(self, now: datetime) -> Endpoints:
        """Where to ask; raises NotVouched."""
        with self._lock:
            if self._endpoints is None or now - self._endpoints[0] > LASTS:
                self._endpoints = now, discover(self._issuer)
            return self._endpoints[1]

    def keys(self, now: datetime) -> KeySet:
        """The keys that it signs with; raises NotVouched."""
        return self._keys_within(LASTS, now)

    def newer_keys(self, now: datetime) -> KeySet:
        """The same, asked for again unless that was a moment ago: keys change."""
        return self._keys_within(AT_MOST_EVERY, now)

    def _keys_within(self, span: timedelta, now: datetime) -> KeySet:
        address = self.endpoints(now).keys
        with self._lock:
            if self._keys is None or now - self._keys[0] > span:
                self._keys = now, _fetched(address)
            return self._keys[1]


def _fetched(address: str) -> KeySet:
    found = document(address).get("keys")
    if not isinstance(found, list):
        raise NotVouched("wrong", "the keys are not a list")
    # A shared secret or a key to encrypt with is no key to believe a signature by.
    ours = [
        key
        for key in found
        if isinstance(key, dict)
        and key.get("kty") in ("RSA", "EC")
        and key.get("use", "sig") == "sig"
    ]
    try:
        return KeySet.import_key_set({"keys": ours})
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise NotVouched("wrong", f"keys: {type(error).__name__}") from error
