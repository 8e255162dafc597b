"""The charsets that strangers' bytes are read in."""

import codecs

# Those that browsers know. Some others of Python's take time that grows with the square of a page.
_CHARSETS = {
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "ascii"),
    *(f"iso8859-{number}" for number in range(1, 17)),
    *(f"cp125{number}" for number in range(9)),
    *("cp866", "cp874", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "tis-620"),
    *("gb2312", "gbk", "gb18030", "big5", "big5hkscs"),
    *("shift_jis", "cp932", "euc_jp", "iso2022_jp", "euc_kr", "cp949"),
}
_LONGEST = 40
"""Letters of a charset's name."""


def known(charset: str) -> str:
    """The name by which Python knows it; UTF-8 for any other, and for one that isn't to be used."""
    try:
        name = codecs.lookup(charset).name if len(charset) <= _LONGEST else ""
    except (LookupError, ValueError):
        name = ""
    return name if name in _CHARSETS else "utf-8"
