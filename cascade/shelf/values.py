"""What stands in the slots of a text that is shown to nobody in particular."""

from collections.abc import Mapping

import toolkits
from cascade.identity import Identity
from cascade.sending.slots import FALLBACK, PERSONAL
from toolkits import fill, text_value


def page_of(toolkit: str, base_url: str) -> str:
    """The address of a toolkit in the library."""
    return f"{base_url.rstrip('/')}/library/{toolkit}"


def values(
    meta: toolkits.Meta, identity: Identity, base_url: str, *, page: str = ""
) -> Mapping[str, str]:
    """A value for every slot: words where a recipient would stand, the page for their links.

    `page`: where it stands, if that is not its page in the library.
    """
    page = page or page_of(meta.toolkit, base_url)
    own = {
        "sender": identity.cell,
        "share_link": page,
        "campaign": toolkits.plain(meta.campaign),
        **meta.slots,
        **{name: FALLBACK[name] for name in PERSONAL},
        **dict.fromkeys(("confirm_link", "preferences_link", "unsubscribe_link"), page),
    }
    filled = _Filled({name: value for name, value in own.items() if value})
    filled["title"] = fill(toolkits.plain(meta.title), filled, text_value)
    return filled


def finished_html(marked: str, found: Mapping[str, str]) -> str:
    """Marked HTML with every slot filled."""
    return fill(marked, found)


def finished_text(marked: str, found: Mapping[str, str]) -> str:
    """Marked text with every slot filled."""
    return fill(marked, found, text_value)


class _Filled(dict[str, str]):
    """Never nothing: an unknown slot stands for its name."""

    def __missing__(self, name: str) -> str:
        return FALLBACK.get(name, name.replace("_", " "))
