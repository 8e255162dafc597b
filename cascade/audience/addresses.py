"""Email addresses and phone numbers in one form; one that can't be used raises Flaw."""

import re
from functools import lru_cache

import phonenumbers
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from cascade.audience.normalise import Flaw

# Right as they stand: by far the most, and the libraries take 0.1 ms for each.
_PLAIN_LOCAL = re.compile(r"[a-z0-9_+-]{1,20}(?:[.'][a-z0-9_+-]{1,20}){0,2}")
_PLAIN_DOMAIN = re.compile(r"(?:[a-z0-9]{1,40}(?:-[a-z0-9]{1,20})?\.){1,3}(?P<top>[a-z]{2,20})")
_UK_PHONE = re.compile(r"(?:\+44|0044|44|0)?([1-37-9]\d{9})", re.ASCII)

_NAMED_ADDRESS = re.compile(r"[^<>]*<([^<>]+)>\s*")
_BETWEEN_DIGITS = {ord(sign): None for sign in " ().-\u2010\u2011\u2012\u2013"}


def email(text: str) -> str:
    """An address in small letters, its domain in A-labels."""
    address = _bare_address(text)
    if not address:
        raise Flaw("enter an email address, such as name@example.org")
    local, at, domain = address.rpartition("@")
    if not at:
        raise Flaw(f"“{text[:60]}” is not an email address: it has no @")
    if "@" in local:
        raise Flaw(f"“{text[:60]}”: one email address in each row, please")
    if _PLAIN_LOCAL.fullmatch(local) and _is_plain(domain):
        return address
    return _checked(address)


def phone(text: str) -> str:
    """A number in E.164 with `;ext=` (RFC 3966); without a country code it is British."""
    bare = (text.replace("(0)", "") if "+" in text else text).translate(_BETWEEN_DIGITS)
    british = _UK_PHONE.fullmatch(bare)
    return f"+44{british[1]}" if british else _parsed(text)


def _bare_address(text: str) -> str:
    named = _NAMED_ADDRESS.fullmatch(text)
    address = (named[1] if named else text).lower().removeprefix("mailto:")
    return address.strip().rstrip(".,;")


def _is_plain(domain: str) -> bool:
    plain = _PLAIN_DOMAIN.fullmatch(domain)
    return plain is not None and plain["top"] not in SPECIAL_USE_DOMAIN_NAMES


def _checked(address: str) -> str:
    try:
        checked = validate_email(address, check_deliverability=False, strict=True)
    except EmailNotValidError as error:
        raise Flaw(f"“{address[:60]}” is not an email address: {error}") from None
    return f"{checked.local_part}@{checked.ascii_domain.lower()}"


@lru_cache(maxsize=5_000)
def _parsed(text: str) -> str:
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        number = phonenumbers.PhoneNumber()
    if not phonenumbers.is_valid_number(number) and not _made_up(number):
        raise Flaw(f"“{text[:30]}” is not a phone number: check it, and give one number only")
    extension = f";ext={number.extension}" if number.extension else ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) + extension


def _made_up(number: phonenumbers.PhoneNumber) -> bool:
    # Exercises use the numbers that Ofcom keeps for drama; the library calls them not valid.
    return number.country_code == 44 and bool(_UK_PHONE.fullmatch(f"0{number.national_number}"))
