"""The form of a tier: each time as a number and a unit."""

from datetime import timedelta
from types import MappingProxyType
from typing import Self

from wtforms import SelectField

from cascade.sending.states import Policy
from cascade.sending.tiers import SPANS, Change
from cascade.web.account_forms import AccountForm, Line

WORKING = "working"
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_UNITS = {"minutes": _MINUTE, "hours": _HOUR, "days": _DAY, WORKING: _HOUR}
_LONGEST = 6


class TierForm(AccountForm):
    """The times of a tier."""

    units = MappingProxyType({"minutes": "minutes", "hours": "hours", "days": "days"})
    confirm_units = MappingProxyType({**units, WORKING: "working hours"})

    confirm_within = Line("Confirm within")
    confirm_within_unit = SelectField("Unit", validate_choice=False)
    give_up_after = Line("Give up after")
    give_up_after_unit = SelectField("Unit", validate_choice=False)
    tolerance = Line("Late by more waits for a person")
    tolerance_unit = SelectField("Unit", validate_choice=False)

    @classmethod
    def of(cls, policy: Policy) -> Self:
        """The form as the tier stands."""
        filled: dict[str, str] = {}
        for name in SPANS:
            span = getattr(policy, name)
            if span is not None:
                working = name == "confirm_within" and policy.working_time
                filled[name], filled[f"{name}_unit"] = _shown(span, working)
        return cls(data=filled)

    def given(self, *, asks: bool) -> Change | None:
        """What was filled in; None, with the problems shown, when it is no time.

        `asks`: whether the tier asks for a confirmation, and so for the time to confirm in.
        """
        spans = {name: self._span(name) for name in SPANS if asks or name != "confirm_within"}
        if self.problems():
            return None
        return Change(
            confirm_within=spans.get("confirm_within"),
            working_time=asks and self.confirm_within_unit.data == WORKING,
            give_up_after=spans["give_up_after"] or _MINUTE,
            tolerance=spans["tolerance"] or _MINUTE,
        )

    def _span(self, name: str) -> timedelta | None:
        digits = "".join((self[name].data or "").replace(",", "").split())
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST):
            self.blame(name, "Enter a whole number in digits, such as 4")
            return None
        unit = _UNITS.get(self[f"{name}_unit"].data or "")
        if unit is None or (self[f"{name}_unit"].data == WORKING and name != "confirm_within"):
            self.blame(name, "Choose minutes, hours or days")
            return None
        return int(digits) * unit


def _shown(span: timedelta, working: bool) -> tuple[str, str]:
    """The greatest unit that it is a whole number of; a day is 24 hours."""
    if working and not span % _HOUR:
        return f"{span // _HOUR}", WORKING
    unit = next(name for name in ("days", "hours", "minutes") if not span % _UNITS[name])
    return f"{span // _UNITS[unit]}", unit
