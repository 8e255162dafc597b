"""What a provider vouches for, taken from its claims: who it is, their address, a second step."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from cascade.errors import NotVouched

SECOND_STEPS = frozenset({"mfa", "otp", "hwk", "sc"})
"""Methods (`amr`, RFC 8176) that show that more than a password was asked for."""

_LONGEST_SUBJECT = 255  # OIDC Core, 2
_LONGEST_EMAIL = 320


@dataclass(frozen=True, slots=True)
class Vouched:
    """Somebody, as their provider knows them."""

    issuer: str
    subject: str
    """Theirs for ever; an email address may become somebody else's."""
    email: str
    """Verified by the provider, or empty."""
    second_step: bool
    """Whether they took one there."""


def vouched(said: dict[str, Any], issuer: str, strong: Set[str]) -> Vouched:
    """Raises NotVouched when it names nobody."""
    subject = said.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise NotVouched("wrong", "the subject is empty or too long")
    if not subject.isprintable():
        raise NotVouched("wrong", "the subject is not text")
    return Vouched(
        issuer=issuer,
        subject=subject,
        email=said["email"] if has_verified_email(said) else "",
        second_step=_took_second_step(said, strong),
    )


def has_verified_email(said: dict[str, Any]) -> bool:
    """Whether there is an address that the provider knows to be theirs."""
    email = said.get("email")
    return (
        said.get("email_verified") is True
        and isinstance(email, str)
        and 0 < len(email) <= _LONGEST_EMAIL
    )


def _took_second_step(said: dict[str, Any], strong: Set[str]) -> bool:
    methods, level = said.get("amr"), said.get("acr")
    by_method = isinstance(methods, list) and any(
        isinstance(one, str) and one in SECOND_STEPS for one in methods
    )
    return by_method or (isinstance(level, str) and level in strong)
