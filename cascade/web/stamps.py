"""Proof that a form came from our page; no cookie, because some mail programs drop them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from wtforms.csrf.core import CSRF, CSRFTokenField
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from cascade.links import Links

VALID_HOURS = 48
_HOUR_BITS = 24  # hours since 1970 fit until the year 3884

EXPIRED = "This page was open for a long time. Check your answer and press the button again."


@dataclass(frozen=True, slots=True)
class Stamper:
    """Makes and checks the stamps of one delivery's forms."""

    links: Links
    delivery: int
    now: datetime

    def stamp(self) -> str:
        """A token of this delivery and this hour."""
        return self.links.token("form", self.delivery << _HOUR_BITS | self._hour)

    def is_valid(self, stamp: str) -> bool:
        """Whether the stamp is of this delivery and not older than 48 hours."""
        number = self.links.read("form", stamp)
        if number is None or number >> _HOUR_BITS != self.delivery:
            return False
        return 0 <= self._hour - (number & (1 << _HOUR_BITS) - 1) <= VALID_HOURS

    @property
    def _hour(self) -> int:
        return int(self.now.timestamp()) // 3600


class StampedCSRF(CSRF):
    """Puts the stamp into a form; the form's `meta` carries the stamper as `csrf_context`."""

    def setup_form(self, form: BaseForm) -> Any:
        self._stamper = cast(Stamper, form.meta.csrf_context)
        return super().setup_form(form)

    def generate_csrf_token(self, csrf_token_field: CSRFTokenField) -> str:
        return self._stamper.stamp()

    def validate_csrf_token(self, form: BaseForm, field: CSRFTokenField) -> None:
        if not self._stamper.is_valid(field.data or ""):
            raise ValidationError(EXPIRED)
