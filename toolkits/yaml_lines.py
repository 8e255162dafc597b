"""Makes front matter as people write it into YAML: sentences need no quotes.

`title: Flu jab: protect your residents` and `- **Free** jabs` are not YAML, and say plainly what is
meant, so such values are quoted before the YAML parser sees them. Lines keep their numbers.
"""

import json
import re
from collections.abc import Sequence

_VALUE = re.compile(r"(?P<lead>[ ]*(?:-[ ]+)?)(?P<key>[A-Za-z_][\w-]*[ ]*:[ ]+)?(?P<value>\S.*)")
_NEEDS_QUOTES = re.compile(r"""[*&!%@`?|>]\S|\{\{|\[[^\]]*\][^\s]|.*:\s|.*:$|.*\s\#\S""")


def quote_sentences(lines: Sequence[str]) -> list[str]:
    """The lines with every value quoted that YAML would take for something else than text."""
    following = [*lines[1:], ""]
    return [_quoted(line, below) for line, below in zip(lines, following, strict=False)]


def _quoted(line: str, below: str) -> str:
    match = _VALUE.fullmatch(line.rstrip())
    if match is None or _indent(below) > len(match["lead"].rstrip("- ")) and _continues(below):
        return line
    lead, key, value = match["lead"], match["key"] or "", match["value"]
    if "-" in lead:  # a list of ours never holds mappings: all of it is the sentence
        key, value = "", key + value
    if not (key or "-" in lead) or value[0] in "\"'" or not _NEEDS_QUOTES.match(value):
        return line
    return f"{lead}{key}{json.dumps(value, ensure_ascii=False)}"


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _continues(below: str) -> bool:
    """Whether the line below goes on with a value: deeper, and neither an item nor a key."""
    text = below.strip()
    return bool(text) and not text.startswith("- ") and not re.match(r"[\w-]+\s*:(?:\s|$)", text)
