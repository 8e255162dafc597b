"""Signed tokens and the addresses made with them: unguessable, per delivery and purpose."""

import hmac
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Purpose = Literal[
    "confirm",
    "preferences",
    "unsubscribe",
    "return-path",
    "message-id",
    "form",
    "desk",
    "letter",
    "trial",
    "taker",
    "used",
    "subscribe",
]

_MAC_BYTES = 15
_MAC_LETTERS = 2 * _MAC_BYTES


@dataclass(frozen=True)
class Links:
    """Makes and reads the tokens of one installation; they hold a row number and its signature.

    The numbers of a table with links must never be used again (`sqlite_autoincrement`), or a link
    that is over becomes somebody else's; subscriptions have a number at random for it.
    """

    secret: str
    base_url: str

    @cached_property
    def _keyed(self) -> dict[str, hmac.HMAC]:
        return {}

    def token(self, purpose: Purpose, number: int) -> str:
        """The token of a row for one purpose, such as `1f-09c2…`: two hexadecimal numbers."""
        return f"{number:x}-{self._signature(purpose, number)}"

    def read(self, purpose: Purpose, token: str) -> int | None:
        """The row number in a token, or None when it isn't one of ours for this purpose."""
        head, _, signature = token.strip().lower().partition("-")
        if not head or len(head) > 15 or len(signature) != _MAC_LETTERS:
            return None
        try:
            number = int(head, 16)
        except ValueError:
            return None
        given = token.strip().lower().encode()
        return number if hmac.compare_digest(self.token(purpose, number).encode(), given) else None

    def confirm(self, delivery: int) -> str:
        """Address of the message and its confirmation form."""
        return f"{self.base_url}/c/{self.token('confirm', delivery)}"

    def unsubscribe(self, delivery: int) -> str:
        """Address that RFC 8058 posts to; opened in a browser it is a page with a button."""
        return f"{self.base_url}/u/{self.token('unsubscribe', delivery)}"

    def taker(self, taker: int) -> str:
        """Address that a taker may print anywhere: it leads to the toolkit."""
        return f"{self.base_url}/t/{self.token('taker', taker)}"

    def used(self, taker: int) -> str:
        """Address of a taker's own form, with what they told us: theirs alone."""
        return f"{self.base_url}/t/{self.token('used', taker)}/used"

    def stop(self, taker: int) -> str:
        """Address where a taker says that they don't want to be asked."""
        return f"{self.base_url}/t/{self.token('used', taker)}/stop"

    def _signature(self, purpose: Purpose, number: int) -> str:
        keyed = self._keyed.get(purpose)
        if keyed is None:
            key = hmac.digest(self.secret.encode(), f"cascade:{purpose}".encode(), "sha256")
            keyed = self._keyed[purpose] = hmac.new(key, digestmod="sha256")
        # Taking in the key is half of the work, so that is done once.
        mac = keyed.copy()
        mac.update(b"%d" % number)
        return mac.digest()[:_MAC_BYTES].hex()
