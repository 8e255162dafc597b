"""Telephone numbers as they are dialled."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

_UK = 44


def dialled(number: str | None) -> str:
    """An E.164 number as people in the United Kingdom write it; empty when there is none."""
    if not number:
        return ""
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return number
    is_british = parsed.country_code == _UK
    style = PhoneNumberFormat.NATIONAL if is_british else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)
