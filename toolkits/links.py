"""Which addresses may stand in a message."""

import re

# No spaces, controls, quotes or angle brackets: what is left cannot leave its attribute.
_REST = r"[^\s\x00-\x1f\x7f<>\"'`\\]+"
_SAFE = re.compile(rf"(?:https?://|mailto:){_REST}|tel:\+?[0-9().;=a-z-]+", re.IGNORECASE)
_IMAGE = re.compile(rf"https://{_REST}", re.IGNORECASE)
_SCHEME = re.compile(r"[\s\x00-\x20]*[A-Za-z][A-Za-z0-9+.-]*\s*:")


def is_safe(address: str) -> bool:
    """Whether a link may lead there: https, http, mailto or tel, and nothing odd within."""
    return _SAFE.fullmatch(address) is not None


def is_safe_image(address: str) -> bool:
    """Whether a picture may be loaded from there: https only."""
    return _IMAGE.fullmatch(address) is not None


def has_scheme(address: str) -> bool:
    """Whether an address names a scheme; without one it is relative to a page it is not on."""
    return _SCHEME.match(address) is not None
