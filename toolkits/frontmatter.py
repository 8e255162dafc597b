"""Reads the front matter between `---` lines: YAML text only, within narrow limits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import yaml

from toolkits.problems import Problem, problem
from toolkits.yaml_lines import quote_sentences

# libyaml where it is there: ten times as fast, the same rules.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

LONGEST = 32_000  # characters
DEEPEST = 6  # levels

Value = str | list[tuple[int, str]] | dict[str, tuple[int, str]]


@dataclass(slots=True)
class FrontMatter:
    """The values by key, the line of each key, and how many lines it all takes with its fences."""

    values: dict[str, Value] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    length: int = 0
    problems: list[Problem] = field(default_factory=list)

    def report(self, line: int, code: str, message: str) -> None:
        self.problems.append(problem(line, code, message))


def read(lines: Sequence[str]) -> FrontMatter:
    """The front matter at the top of the lines, if there is any."""
    found = FrontMatter()
    if not lines or lines[0].rstrip() != "---":
        return found
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), 0)
    if not end:
        found.report(1, "front-matter-unclosed", "End the front matter with --- on its own line.")
        return found
    found.length = end + 1
    source = lines[1:end]
    if sum(map(len, source)) > LONGEST:
        message = f"The front matter is longer than {LONGEST:,} characters: move text to the body."
        found.report(1, "front-matter-too-large", message)
    else:
        _load("\n".join(quote_sentences(source)), found)
    return found


def _load(source: str, found: FrontMatter) -> None:
    try:
        if trouble := _refusal(source):
            found.problems.append(trouble)
            return
        root = yaml.compose(source, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 2 if mark else 1
        message = f"This is not understood ({error.problem}): write “key: value”, one on a line."
        found.report(line, "front-matter-invalid", message)
        return
    except yaml.YAMLError:
        found.report(1, "front-matter-invalid", "The front matter holds characters YAML forbids.")
        return
    if isinstance(root, yaml.MappingNode):
        _collect(root, found)
    elif root is not None:
        found.report(2, "front-matter-invalid", "Write “key: value”, one on a line.")


def _refusal(source: str) -> Problem | None:
    """A problem with what could blow up, found in the event stream before anything is built."""
    depth = 0
    for event in yaml.parse(source, Loader=_Loader):
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            message = "References (*name) are not allowed: write the text out, or put it in quotes."
            return problem(line, "front-matter-alias", message)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            message = "This is nested too deep: front matter is keys, lists and slots."
            return problem(line, "front-matter-invalid", message)
    return None


def _collect(root: yaml.MappingNode, found: FrontMatter) -> None:
    for node, value in root.value:
        line = _line(node)
        if not isinstance(node, yaml.ScalarNode):
            found.report(line, "front-matter-invalid", "A key is one word: write “key: value”.")
            continue
        name = node.value.strip().lower().replace("-", "_").replace(" ", "_")
        if name in found.lines:
            message = f'"{name}" is given twice: keep one.'
            found.report(line, "duplicate-key", message)
            continue
        found.lines[name] = line
        try:
            found.values[name] = _value(value)
        except TypeError:
            found.report(line, "wrong-type", f'"{name}" holds lists within lists: make it plain.')


def _line(place: yaml.Event | yaml.Node) -> int:
    """The line of the file: YAML counts from 0, and the opening fence is line 1."""
    return place.start_mark.line + 2 if place.start_mark else 1


def _pairs(node: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node, int]]:
    for key, value in node.value:
        yield _scalar(key), value, _line(key)


def _value(node: yaml.Node) -> Value:
    if isinstance(node, yaml.SequenceNode):
        return [(_line(item), _scalar(item)) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {key: (line, _scalar(value)) for key, value, line in _pairs(node)}
    return _scalar(node)


def _scalar(node: yaml.Node) -> str:
    """The text as it is written: no YAML types, so that `no` stays "no" and 1.10 "1.10"."""
    if not isinstance(node, yaml.ScalarNode):
        return _refuse()
    null = node.tag.endswith(":null") and node.value in ("~", "null", "Null", "NULL")
    return "" if null else str(node.value)


def _refuse() -> str:
    raise TypeError("not a scalar")


def as_text(values: Mapping[str, Value], key: str) -> str | None:
    """A text value on one line; None when it is not a text."""
    value = values.get(key, "")
    return " ".join(value.split()) if isinstance(value, str) else None
