"""What an address or a form says of a kit: audience, language, and the group that reposts."""

from collections.abc import Mapping

from flask import request
from wtforms import FileField

from cascade.shelf.brands import LARGEST, Brand, brand
from cascade.web.account_forms import AccountForm, Line


class KitForm(AccountForm):
    """Who reposts; nothing of it is kept."""

    group = Line("Name of your group")
    contact = Line("How people reach you (optional)")
    site = Line("Your web address (optional)")
    logo = FileField("Your logo (optional)")

    def given(self) -> Brand:
        """What was filled in, with the file that was chosen; raises BadInput."""
        return brand(self.group.text, self.contact.text, self.site.text, _file())

    def values(self) -> Mapping[str, str]:
        """What addresses carry on; an empty line isn't there."""
        lines = {"group": self.group, "contact": self.contact, "site": self.site}
        return {name: line.text for name, line in lines.items() if line.text}


def _file() -> bytes | None:
    given = request.files.get("logo")
    if given is None or not given.filename:
        return None
    with given.stream as stream:
        content: bytes = stream.read(LARGEST + 1)
    return content
