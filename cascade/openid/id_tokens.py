"""Looking at an ID token: who signed it, for whom, when, and for which try (OIDC Core, 3.1.3.7)."""

from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from cascade.errors import NotVouched

ALGORITHMS = ("RS256", "PS256", "ES256")
"""Signatures by a key that only the provider has; never `none`, never by a shared secret."""
LEEWAY = 60
"""Seconds that two clocks may be apart."""
OLDEST = 600
"""Seconds since it was made: we asked for it a moment ago."""


class UnknownKey(Exception):
    """It may be signed with a key that is newer than those we know."""


def claims(
    token: str, keys: KeySet, *, issuer: str, client_id: str, nonce: str, now: datetime
) -> dict[str, Any]:
    """What the token says, once it's certain that it is right; raises NotVouched or UnknownKey."""
    moment = int(now.timestamp())
    rules = jwt.JWTClaimsRegistry(
        now=moment,
        leeway=LEEWAY,
        iss={"essential": True, "value": issuer},
        sub={"essential": True},
        aud={"essential": True, "value": client_id},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        said = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        rules.validate(said)
    except InvalidKeyIdError as error:
        raise UnknownKey from error
    except (JoseError, ValueError) as error:
        raise NotVouched("wrong", f"ID token: {type(error).__name__}") from error
    if not _is_for_us(said, client_id):
        raise NotVouched("wrong", "ID token: made for somebody else as well")
    if said["iat"] < moment - OLDEST:
        raise NotVouched("wrong", "ID token: too old")
    return said


def _is_for_us(said: dict[str, Any], client_id: str) -> bool:
    several = isinstance(said["aud"], list) and len(said["aud"]) > 1
    party = said.get("azp", None if several else client_id)
    return bool(party == client_id)
