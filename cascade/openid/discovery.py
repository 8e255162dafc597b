"""What a provider says of itself: where it takes what (OpenID Connect Discovery 1.0)."""

from dataclasses import dataclass
from typing import Any

from cascade.config import is_safe
from cascade.errors import NotVouched
from cascade.openid.fetching import document


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where to ask for what."""

    authorization: str
    token: str
    keys: str
    userinfo: str
    """Empty where there is none."""
    secret_in: str
    """How the client secret is shown: `client_secret_basic` or `client_secret_post`."""
    names_itself: bool
    """Whether every answer through the browser says who gave it (RFC 9207)."""


def discover(issuer: str) -> Endpoints:
    """Ask the provider; raises NotVouched when it isn't there, or isn't who it should be."""
    found = document(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != issuer:
        raise NotVouched("wrong", "the discovery document names another issuer")
    ways = found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return Endpoints(
        authorization=_address(found, "authorization_endpoint", issuer),
        token=_address(found, "token_endpoint", issuer),
        keys=_address(found, "jwks_uri", issuer),
        userinfo=_address(found, "userinfo_endpoint", issuer)
        if "userinfo_endpoint" in found
        else "",
        secret_in="client_secret_basic" if "client_secret_basic" in ways else "client_secret_post",
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
    )


def _address(found: dict[str, Any], name: str, issuer: str) -> str:
    address = found.get(name)
    if not isinstance(address, str) or not is_safe(address):
        raise NotVouched("wrong", f"the discovery document has no safe {name}")
    if issuer.startswith("https:") and not address.startswith("https:"):
        raise NotVouched("wrong", f"{name} is not https")
    return address
