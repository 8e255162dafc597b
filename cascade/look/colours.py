"""Colours that white text can be read on."""

import re
from collections.abc import Mapping
from types import MappingProxyType

PALETTE: Mapping[str, str] = MappingProxyType(
    {
        "#005eb8": "Blue",
        "#003087": "Dark blue",
        "#330072": "Purple",
        "#7c2855": "Plum",
        "#006747": "Green",
        "#425563": "Grey",
    }
)
"""Ready ones, with their names."""
LEAST_CONTRAST = 4.5
"""Of text to its background: WCAG 2.2, success criterion 1.4.3."""
_HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})", re.ASCII | re.IGNORECASE)
_SHADE = 0.8


def colour(text: str) -> str | None:
    """`#1a2b3c` for a colour as people write it; None for what is none."""
    found = _HEX.fullmatch(text.strip())
    if found is None:
        return None
    digits = found[1].lower()
    return f"#{digits if len(digits) == 6 else ''.join(digit * 2 for digit in digits)}"


def contrast(of: str) -> float:
    """Of white text on it, from 1 to 21."""
    red, green, blue = (_linear(channel / 255) for channel in _channels(of))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def is_readable(of: str) -> bool:
    """Whether white text on it can be read."""
    return contrast(of) >= LEAST_CONTRAST


def darker(of: str) -> str:
    """The colour for what stands out on it."""
    return "#" + "".join(f"{int(channel * _SHADE):02x}" for channel in _channels(of))


def _channels(of: str) -> list[int]:
    return [int(of[place : place + 2], 16) for place in (1, 3, 5)]


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
