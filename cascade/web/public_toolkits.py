"""What public pages about one toolkit share: it as anybody may see it, and limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import toolkits
from cascade.accounts import throttling
from cascade.library.publish import find
from cascade.shelf.values import finished_text, values
from cascade.shelf.visible import Shown, current
from cascade.web import access
from cascade.web.appearance import look
from cascade.web.entrance import too_many
from cascade.web.site import site


@dataclass(frozen=True, slots=True)
class Public:
    """A toolkit that is in the library."""

    id: int
    name: str
    title: str
    since: datetime
    shown: Mapping[str, Shown]
    """By language, the toolkit's own first."""

    @property
    def own(self) -> Shown:
        return next(iter(self.shown.values()))


def public_toolkit(name: str) -> Public:
    """The toolkit of an address; raises NotFound where it is not for everybody."""
    sign_off = access.sign_off_in_force()
    with site().database.reading() as session:
        shown = current(session, name, sign_off=sign_off)
        toolkit = find(session, name)
        number, since = toolkit.id, toolkit.created_at
    own = next(iter(shown.values()))
    return Public(number, name, title_of(own), since, shown)


def title_of(shown: Shown) -> str:
    """Its title as plain text, for nobody in particular."""
    meta = shown.document.meta
    filled = values(meta, look(), site().settings.base_url)
    return finished_text(toolkits.plain(meta.title), filled)


def count_try() -> None:
    """Count something that was sent without an account; answers 429 when it is too much."""
    with site().database.writing() as session:
        name = f"public:{access.client()['address']}"
        allowed = throttling.allows(session, [name], site().clock())
    if not allowed:
        raise too_many()
