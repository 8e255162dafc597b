"""Which addresses may stand in a message."""

import re

# No spaces, controls, quotes or angle brackets: what is left cannot leave its attribute.
_REST = r"[^\s\x00-\x1f\x7f<>\"'`\\]+"
_SAFE = re.compile(rf"(?:https?://|mailto:){_REST}|tel:\+?[0-9().;=a-z-]+", re.IGNORECASE)
_IMAGE = re.compile(rf"https://{_REST}", re.IGNORECASE)
_WIDTH = re.compile(r"#width=([1-9][0-9]{0,2})$")
_SCHEME = re.compile(r"[\s\x00-\x20]*[A-Za-z][A-Za-z0-9+.-]*\s*:")


def is_safe(address: str) -> bool:
    """Whether a link may lead there: https, http, mailto or tel, and nothing odd within."""
    return _SAFE.fullmatch(address) is not None


def is_safe_image(address: str, home: str = "") -> bool:
    """Whether a picture may be loaded from there: over https, or from below the address `home`."""
    if _IMAGE.fullmatch(address):
        return True
    at_home = bool(home) and address.startswith(f"{home.rstrip('/')}/")
    return at_home and is_safe(address)


def display_width(address: str) -> int | None:
    """How wide a picture is to be shown, in pixels: its address may end with `#width=560`."""
    found = _WIDTH.search(address)
    return int(found[1]) if found else None


def has_scheme(address: str) -> bool:
    """Whether an address names a scheme; without one it is relative to a page it is not on."""
    return _SCHEME.match(address) is not None
