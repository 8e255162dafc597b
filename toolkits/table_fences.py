"""Reads `::: table opening-hours columns name, phone where place = {{ place }} sort name`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from toolkits.nearest import quoted, suggest
from toolkits.slots import WRITTEN
from toolkits.tables import RECIPIENT_SLOTS, Condition, TableQuery

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_BEGINS = re.compile(r"(?:(?P<channel>\S+)\s+)?table(?=\s|$)", re.IGNORECASE)
_TOKEN = re.compile(r'"[^"]*"|“[^”]*”|\{\{[^{}]*\}\}|[,=]|[^\s,="“{]+|\S')
_CLAUSES = ("columns", "where", "sort")
_ENDS = ("for", "not")


@dataclass(slots=True)
class TableFence:
    """What a fence says of a table; `words` is what it says beside: channel and segments."""

    words: str
    query: TableQuery | None = None
    troubles: list[str] = field(default_factory=list)


def take(words: str) -> TableFence:
    """The table out of the words of an opening fence; without one, the words as they are."""
    begins = _BEGINS.match(words)
    if begins is None or (begins["channel"] or "").lower() in (*_ENDS, "and"):
        return TableFence(words)
    tokens, audience = _divided(words[begins.end() :])
    fence = TableFence(f"{begins['channel'] or ''} {audience}".strip())
    fence.query = _query(tokens, fence.troubles)
    return fence


def _divided(words: str) -> tuple[list[str], str]:
    """The tokens up to `for` or `not for`, and the rest as it was written."""
    tokens: list[str] = []
    for match in _TOKEN.finditer(words):
        if match[0].lower() in _ENDS:
            return tokens, words[match.start() :]
        tokens.append(match[0])
    return tokens, ""


def _query(tokens: Sequence[str], troubles: list[str]) -> TableQuery | None:
    name = tokens[0].lower() if tokens else ""
    if not NAME.fullmatch(name) or name in _CLAUSES:
        troubles.append(
            "Name the insert, as in “table opening-hours”: small letters, digits and hyphens."
        )
        return None
    columns: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    sort = ""
    for clause, said in _clauses(tokens[1:], troubles):
        if clause == "columns":
            columns = tuple(_words(one) for one in _split(said, ","))
        elif clause == "where":
            where = tuple(_condition(one, troubles) for one in _split(said, "and"))
        else:
            sort = _words(said)
        if not said or (clause == "columns" and not all(columns)):
            troubles.append(f"Say which after “{clause}”, as in {_EXAMPLES[clause]}.")
    return None if troubles else TableQuery(name, columns, where, sort)


_EXAMPLES = {
    "columns": "“columns name, monday”",
    "where": "“where town = Westbury”",
    "sort": "“sort name”",
}


def _clauses(tokens: Sequence[str], troubles: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each clause with its tokens, in the order they stand in."""
    said: dict[str, list[str]] = {}
    current = ""
    for token in tokens:
        word = token.lower()
        if word in _CLAUSES:
            if word in said:
                troubles.append(f"“{word}” is there twice: write it once.")
            current = word
            said[word] = []
        elif current:
            said[current].append(token)
        else:
            known = (*_CLAUSES, "for", "not for")
            troubles.append(
                f"{quoted(token)} is not understood.{suggest(word, known)} After the name stand "
                "“columns”, “where”, “sort”, “for” or “not for”."
            )
            return
    yield from said.items()


def _condition(tokens: Sequence[str], troubles: list[str]) -> Condition:
    if "=" not in tokens or tokens[0] == "=" or tokens[-1] == "=":
        troubles.append(
            f"{quoted(' '.join(tokens))} is no condition: write “column = value”, with “and” "
            "between several. Put words such as “and” in quotation marks."
        )
        return Condition("")
    at = tokens.index("=")
    column, value = _words(tokens[:at]), tokens[at + 1 :]
    slot = WRITTEN.fullmatch(value[0]) if len(value) == 1 else None
    if slot is None:
        if any("{" in one for one in value):
            troubles.append(f"{quoted(' '.join(value))} is not a slot: write {{{{ place }}}}.")
        return Condition(column, value=_words(value))
    if slot[1].lower() not in RECIPIENT_SLOTS:
        troubles.append(
            f"Rows can't be chosen by {quoted(slot[1])}: use {', '.join(RECIPIENT_SLOTS)}."
        )
    return Condition(column, slot=slot[1].lower())


def _split(tokens: Sequence[str], between: str) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for token in tokens:
        if token.lower() == between:
            groups.append([])
        else:
            groups[-1].append(token)
    return groups


def _words(tokens: Sequence[str]) -> str:
    return " ".join(one.strip('"“”') for one in tokens)
