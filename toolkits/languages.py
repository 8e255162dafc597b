"""Language tags (BCP 47): whether one is known, and which way it is written."""

import re
from functools import cache

from toolkits.wordlists import rows

RTL_SCRIPTS = frozenset(
    ["adlm", "arab", "aran", "hebr", "mand", "mend", "nkoo", "rohg", "samr", "syrc", "thaa"]
)
_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8}){0,6}", re.IGNORECASE)


@cache
def _languages() -> dict[str, tuple[str, str]]:
    """The languages by tag: their English name and usual script."""
    return {tag: (name, script) for tag, name, script in rows("languages.tsv")}


def is_tag(language: str) -> bool:
    """Whether it has the form of a language tag, such as `en`, `ur` or `pa-Arab`."""
    return _TAG.fullmatch(language) is not None


def is_known(language: str) -> bool:
    """Whether it is a well-formed tag of a language in our list."""
    return is_tag(language) and language.split("-")[0].lower() in _languages()


def direction(language: str) -> str:
    """Which way the language is written, "rtl" or "ltr", by the script named or its usual one."""
    main, *rest = language.lower().split("-")
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), "")
    script = script or _languages().get(main, ("", ""))[1].lower()
    return "rtl" if script in RTL_SCRIPTS else "ltr"
