"""Cuts the body of a toolkit into sections at its `:::` fences."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from toolkits.comments import CodeFence
from toolkits.documents import CHANNELS, Part, Section
from toolkits.languages import is_known
from toolkits.nearest import quoted, suggest
from toolkits.problems import Problem, problem
from toolkits.table_fences import take
from toolkits.tables import TableQuery

_FENCE = re.compile(r" {0,3}:{3,200}(?!:)[ \t]*(?P<words>.*)")
_WORDS = re.compile(r"(?:(?P<channel>(?!for\b|not\b)\S+)\s*)?(?P<rest>.*)", re.IGNORECASE)
_AUDIENCE = re.compile(
    r"(?:for\b(?P<include>.*?))?(?:\bnot\s+for\b(?P<exclude>.*))?", re.IGNORECASE
)
_SEGMENT = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ITEM = r"[a-z0-9]+(?:[-.][a-z0-9]+)*"
_PART = re.compile(
    rf"(?P<part>item|otherwise|above|contents)\s+(?P<items>{_ITEM}(?:,\s*{_ITEM})*)"
    r"(?:\s+in\s+(?P<language>[A-Za-z0-9-]{2,40}))?(?:\s+(?P<rest>.*))?"
)
"""Made by bulletins, and not for writers."""

# Long enough for every fence that anybody means; also bounds the work of the patterns above.
_LONGEST = 2_500


@dataclass(frozen=True, slots=True)
class _Opening:
    """What an opening fence says; the body outside of fences is for everybody."""

    line: int = 0
    channel: str | None = None
    include: frozenset[str] | None = None
    exclude: frozenset[str] = frozenset()
    part: Part = ""
    items: tuple[str, ...] = ()
    table: TableQuery | None = None
    language: str = ""


@dataclass(slots=True)
class _Cutter:
    """Collects sections while the lines go by."""

    sections: list[Section] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    opening: _Opening = _Opening()
    start: int = 0
    lines: list[str] = field(default_factory=list)

    def report(self, line: int, code: str, message: str) -> None:
        self.problems.append(problem(line, code, message))

    def fence(self, number: int, words: str) -> None:
        """Closes what is open, and opens what the words say."""
        inside = self.opening.line
        if words and inside:
            message = f"Fences do not nest: close the one of line {inside} with ::: first."
            self.report(number, "fence-nested", message)
        elif not words and not inside:
            message = "This closes a fence that was not opened: take it out, or say who it is for."
            self.report(number, "fence-unopened", message)
        self.close()
        self.start = number + 1
        self.opening = self._read(number, words) if words else _Opening()

    def close(self) -> None:
        """Ends the section that is open."""
        text, opening = "\n".join(self.lines), self.opening
        self.lines = []
        if text.strip() or opening.table:
            audience = (opening.channel, opening.include, opening.exclude)
            belongs = (opening.part, opening.items, opening.table)
            made = Section(self.start, *audience, text, *belongs, language=opening.language)
            self.sections.append(made)
        elif opening.line and opening.include != frozenset():  # that one was told already
            self.report(
                opening.line, "fence-empty", "Nothing is in this fence: fill it, or take it out."
            )

    def _read(self, number: int, words: str) -> _Opening:
        if of_items := _PART.fullmatch(words[:_LONGEST]):
            items = tuple(re.split(r",\s*", of_items["items"]))
            audience = self._audience(number, (of_items["rest"] or "").strip())
            part, language = cast(Part, of_items["part"]), of_items["language"] or ""
            if language and not is_known(language):
                message = f"{quoted(language)} is not a language we know."
                self.report(number, "language-unknown", message)
                language = ""
            return _Opening(number, None, *audience, part, items, language=language)
        fence = take(words[:_LONGEST])
        if fence.troubles:
            for trouble in fence.troubles:
                self.report(number, "fence-unknown", f"{trouble} Until then nobody gets it.")
            return _Opening(number, include=frozenset())
        return replace(self._plain(number, fence.words), table=fence.query)

    def _plain(self, number: int, words: str) -> _Opening:
        match = _WORDS.fullmatch(words)
        channel = match["channel"].lower() if match and match["channel"] else None
        if channel is not None and channel not in CHANNELS:
            message = f"{quoted(channel)} is not a channel.{suggest(channel, (*CHANNELS, 'for'))}"
            self.report(number, "fence-unknown", f"{message} Until then nobody gets this text.")
        include, exclude = self._audience(number, match["rest"].strip() if match else "")
        return _Opening(number, channel, include, exclude)

    def _audience(self, number: int, rest: str) -> tuple[frozenset[str] | None, frozenset[str]]:
        match = _AUDIENCE.fullmatch(rest)
        if match is None:
            message = f"{quoted(rest)} is not understood: write “for a, b” or “not for a, b”."
            self.report(number, "fence-unknown", f"{message} Until then nobody gets this text.")
            return frozenset(), frozenset()
        include, exclude = (self._segments(number, match[key]) for key in ("include", "exclude"))
        if exclude is not None and not exclude:
            return frozenset(), frozenset()  # nobody named: rather nobody than everybody
        return include, exclude or frozenset()

    def _segments(self, number: int, written: str | None) -> frozenset[str] | None:
        """The segments of a list; None when there is no list."""
        if written is None:
            return None
        names = [name for name in re.split(r"[,\s]+", written.lower()) if name not in ("", "and")]
        good = frozenset(name for name in names if _SEGMENT.fullmatch(name))
        if not good or len(good) < len(set(names)):
            message = "Name the segments, as in “for care-homes, gp-practices”: small letters, "
            message += "digits and hyphens, commas between."
            self.report(number, "fence-no-segments", message)
        return good


def cut(lines: Sequence[str], first: int) -> tuple[tuple[Section, ...], list[Problem]]:
    """The sections of the body, whose first line is number `first` of the file."""
    cutter, code = _Cutter(start=first), CodeFence()
    for number, line in enumerate(lines, start=first):
        fence = None if code.takes(line) else _FENCE.fullmatch(line)
        if fence:
            cutter.fence(number, fence["words"].strip())
        else:
            cutter.lines.append(line)
    if cutter.opening.line:
        message = "This fence is never closed: end it with ::: on a line of its own."
        cutter.report(cutter.opening.line, "fence-unclosed", message)
    cutter.close()
    return tuple(cutter.sections), cutter.problems
