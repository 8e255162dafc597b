"""Bring the values of a row into one form; a value that can't be used raises Flaw."""

import re

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
_GARBLED = re.compile("[ÂÃâ][\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ€]")
_NO_LETTER = re.compile(r"[\W_]")
_UK_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,10})?")
_DEPUTY = {"": 0, "no": 0, "n": 0, "false": 0, "yes": 1, "y": 1, "true": 1, "deputy": 1}


def tidy(text: str) -> str:
    """Text on one line with single spaces, nothing invisible, garbled letters mended."""
    if not text.isascii():
        text = _INVISIBLE.sub("", _ungarbled(text))
    if not text.isprintable():
        text = _CONTROL.sub(" ", text)
    return " ".join(text.split())


def value(text: str) -> str:
    """Tidy text; what people write to say that there is nothing (`N/A`, `-`) is empty."""
    plain = text.isascii() and text.isprintable()
    text = " ".join(text.split()) if plain else tidy(text)
    return "" if len(text) < 10 and text.casefold() in _BLANK else text


def within(text: str, field: str, longest: int) -> str:
    """The text, when it is not longer than its column."""
    if len(text) > longest:
        raise Flaw(f"the {field} is longer than {longest} characters: shorten it")
    return text


def postcode(text: str) -> str:
    """A British postcode in capitals with its space."""
    bare = _NO_LETTER.sub("", text.upper())
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


def _ungarbled(text: str) -> str:
    # UTF-8 that was once read as Windows-1252; nobody means the letters that this looks for.
    if not _GARBLED.search(text):
        return text
    try:
        return text.encode("cp1252").decode()
    except UnicodeError:
        return text
