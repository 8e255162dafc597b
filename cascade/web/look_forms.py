"""The form of the look: name, sender, colour, logo."""

from typing import Self

from flask import request
from wtforms import BooleanField, FileField, RadioField
from wtforms.validators import Length

from cascade.identity import Identity
from cascade.look import colours
from cascade.look.changing import Change
from cascade.look.logos import LARGEST, GivenLogo
from cascade.web.account_forms import Line
from cascade.web.seen_forms import SeenForm
from channels.mime import Mailbox

OWN = "own"
NONE = "none"


class LookForm(SeenForm):
    """What an administrator sets of the look."""

    cell = Line("Name of the cell", [Length(max=200)])
    sender_name = Line("From: name", [Length(max=200)])
    sender_address = Line("From: email address", [Length(max=320)])
    reply_to = Line("Answers go to (optional)", [Length(max=320)])
    colour = RadioField("Colour of the header", validate_choice=False, default=NONE)
    own_colour = Line("A colour of our own, as six digits (optional)", [Length(max=20)])
    logo = FileField("Logo (optional)")
    alt = Line("What the logo says", [Length(max=200)])
    without_logo = BooleanField("Take the logo away")
    nhs_logo = BooleanField("Show the NHS logo on pages")

    @classmethod
    def of(cls, shown: Identity, default: Identity, seen: str) -> Self:
        """The form as the look is now; `default`: what the settings of the installation say,
        `seen`: its mark."""
        sender = Mailbox.parse(shown.sender)
        own = bool(shown.colour) and shown.colour not in colours.PALETTE
        follows = shown.reply_to in (shown.sender, default.reply_to)
        return cls(
            seen=seen,
            cell=shown.cell,
            sender_name=sender.name,
            sender_address=sender.address,
            reply_to="" if follows else shown.reply_to,
            colour=OWN if own else shown.colour or NONE,
            own_colour=shown.colour if own else "",
            alt=shown.logo.alt if shown.logo else "",
            nhs_logo=shown.nhs_logo,
        )

    def said(self, name: str) -> str:
        """What a field says, as people read it."""
        if name == "colour":
            chosen = self.chosen_colour()
            return colours.PALETTE.get(chosen, chosen) or "As usual"
        if isinstance(self[name], BooleanField):
            return "yes" if self[name].data else "no"
        return super().said(name)

    def taken_over(self, now: Self) -> list[tuple[str, str, str]]:
        """As of every such form; a page can't keep a file that was chosen, so it is said too."""
        differ = super().taken_over(now)
        given = request.files.get("logo")
        if given and given.filename:
            differ.append(("Logo", "", f"{given.filename}, to be chosen again"))
        return differ

    def given(self) -> Change:
        """What was filled in, with the file that was chosen."""
        return Change(
            cell=self.cell.text,
            sender_name=self.sender_name.data or "",
            sender_address=self.sender_address.data or "",
            reply_to=self.reply_to.data or "",
            colour=self.chosen_colour(),
            nhs_logo=bool(self.nhs_logo.data),
            logo=self._file(),
            alt=self.alt.data or "",
            without_logo=bool(self.without_logo.data),
        )

    def chosen_colour(self) -> str:
        """One of the ready ones, or as it was typed; empty: the usual blue."""
        if self.colour.data == OWN:
            return self.own_colour.text or "?"
        return self.colour.data if self.colour.data in colours.PALETTE else ""

    def _file(self) -> GivenLogo | None:
        given = request.files.get("logo")
        if given is None or not given.filename:
            return None
        return GivenLogo(given.read(LARGEST + 1), self.alt.data or "")
