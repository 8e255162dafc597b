"""What an installation and one try to sign in are to the provider; needs none of its libraries."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Registration:
    """How this installation is known to the provider."""

    issuer: str
    client_id: str
    client_secret: str
    name: str
    """As people know it, on the button."""
    redirect_uri: str
    strong: frozenset[str] = frozenset()
    """Values of `acr` that say that there was a second step."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try, known to nobody but us and the browser that makes it."""

    state: str
    nonce: str
    verifier: str
