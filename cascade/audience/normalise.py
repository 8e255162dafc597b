"""Bring the values of a row into one form; a value that can't be used raises Flaw."""

import re
from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from cascade.audience.languages import LANGUAGE_NAMES


class Flaw(ValueError):
    """A value can't be used; the text says why and what to do."""


_BLANK = {
    "",
    "-",
    "--",
    "n/a",
    "na",
    "none",
    "nil",
    "null",
    "n/k",
    "not known",
    "unknown",
    "tbc",
    "?",
}
# Zero-width, soft hyphen, direction overrides: invisible in a spreadsheet, dangerous in a message.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_PLAIN_LOCAL = re.compile(r"[A-Za-z0-9_+-]+(?:[.'][A-Za-z0-9_+-]+)*")
_NAMED_ADDRESS = re.compile(r"[^<>]*<([^<>]+)>\s*")
_UK_PHONE = re.compile(r"(?:\+44\s*\(0\)|\+44|0044|44|0)?([1-37-9]\d{9})")
_UK_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,10})?")
_DEPUTY = {"": 0, "no": 0, "n": 0, "false": 0, "yes": 1, "y": 1, "true": 1, "deputy": 1}
_LONGEST_LOCAL = 64


def tidy(text: str) -> str:
    """Text on one line with single spaces, nothing invisible, garbled letters mended."""
    if not text.isascii():
        text = _INVISIBLE.sub("", _ungarbled(text))
    return (
        " ".join(_CONTROL.sub(" ", text).split())
        if not text.isprintable()
        else " ".join(text.split())
    )


def value(text: str) -> str:
    """Tidy text; what people write to say that there is nothing (`N/A`, `-`) is empty."""
    text = tidy(text)
    return "" if len(text) < 10 and text.casefold() in _BLANK else text


def within(text: str, field: str, longest: int) -> str:
    """The text, when it is not longer than its column."""
    if len(text) > longest:
        raise Flaw(f"the {field} is longer than {longest} characters: shorten it")
    return text


def email(text: str) -> str:
    """An address in small letters, its domain in A-labels."""
    named = _NAMED_ADDRESS.fullmatch(text)
    address = (named[1] if named else text).strip().removeprefix("mailto:").rstrip(".,;")
    local, at, domain = address.rpartition("@")
    if not at:
        raise Flaw(f"“{text[:60]}” is not an email address: it has no @")
    if "@" in local:
        raise Flaw(f"“{text[:60]}”: one email address in each row, please")
    if _PLAIN_LOCAL.fullmatch(local) and len(local) <= _LONGEST_LOCAL:
        return f"{local.lower()}@{_domain(domain.lower())}"
    return _checked(address.lower())


def phone(text: str) -> str:
    """A number in E.164 with `;ext=` (RFC 3966); without a country code it is British."""
    bare = re.sub(r"[\s().-]", "", text.replace("(0)", "") if "+" in text else text)
    # Right as it stands: by far the most, and the library takes 0.1 ms for each.
    british = _UK_PHONE.fullmatch(bare)
    return f"+44{british[1]}" if british else _parsed_phone(text)


def postcode(text: str) -> str:
    """A British postcode in capitals with its space."""
    bare = re.sub(r"[\W_]", "", text.upper())
    # The letter O where only a digit can stand.
    mended = f"{bare[:-3]}{bare[-3:-2].replace('O', '0')}{bare[-2:]}"
    found = _UK_POSTCODE.fullmatch(mended)
    if not found:
        raise Flaw(f"“{text[:20]}” is not a full postcode, such as LE1 1AA")
    return f"{found[1]} {found[2]}"


def language(text: str) -> str:
    """A BCP 47 tag from a tag or from the English name of a language."""
    named = LANGUAGE_NAMES.get(text.casefold())
    if named:
        return named
    tag = text.replace("_", "-")
    if not _LANGUAGE.fullmatch(tag):
        raise Flaw(f"“{text[:30]}” is not a language: give its tag, such as en, ur or pl")
    first, *rest = tag.split("-")
    return "-".join([first.lower(), *(p.title() if len(p) == 4 else p.upper() for p in rest)])


def channel(text: str) -> str:
    """The way to reach a contact; email is the one there is."""
    if text.casefold() not in {"email", "e-mail", "mail"}:
        raise Flaw(f"“{text[:30]}” is not a channel: write email, or leave it empty")
    return "email"


def deputy(text: str) -> int:
    """0 for who is written to first; 1, 2 … for the deputies in their order."""
    number = _DEPUTY.get(text.casefold())
    if number is not None:
        return number
    if not re.fullmatch(r"[0-9]", text):
        raise Flaw(f"deputy “{text[:20]}”: write no, yes or a number from 0 to 9")
    return int(text)


def number_or_text(text: str) -> int | float | str:
    """An attribute's value: a number where it is written as one."""
    if not _NUMBER.fullmatch(text):
        return within(text, "text of an attribute", 500)
    return float(text) if "." in text else int(text)


@lru_cache(maxsize=20_000)
def _domain(domain: str) -> str:
    return _checked(f"postmaster@{domain}").partition("@")[2]


def _checked(address: str) -> str:
    try:
        checked = validate_email(address, check_deliverability=False)
    except EmailNotValidError as error:
        raise Flaw(f"“{address[:60]}” is not an email address: {error}") from None
    return f"{checked.local_part}@{checked.ascii_domain.lower()}"


@lru_cache(maxsize=20_000)
def _parsed_phone(text: str) -> str:
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        number = phonenumbers.PhoneNumber()
    if not phonenumbers.is_valid_number(number) and not _made_up(number):
        raise Flaw(
            f"“{text[:30]}” is not a phone number: check its digits, and give one number only"
        )
    extension = f";ext={number.extension}" if number.extension else ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) + extension


def _made_up(number: phonenumbers.PhoneNumber) -> bool:
    # Exercises use the numbers that Ofcom keeps for drama; the library calls them not valid.
    national = str(number.national_number)
    return number.country_code == 44 and bool(_UK_PHONE.fullmatch(national)) and len(national) == 10


def _ungarbled(text: str) -> str:
    # UTF-8 that was once read as Windows-1252; nobody means the letters that this looks for.
    if not re.search("[ÂÃâ][\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ€]", text):
        return text
    try:
        return text.encode("cp1252").decode()
    except UnicodeError:
        return text
