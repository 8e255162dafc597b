"""Tokens that let their holder in; the database keeps only what can't be turned back into them."""

import hashlib
import secrets


def new_token() -> str:
    """43 letters that are safe in an address: 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """SHA-256 of a token, in hexadecimal. Enough without a salt: nobody guesses a random token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
