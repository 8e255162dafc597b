"""What an import did, or would do."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reject:
    """A line that was left out; mended, it can be imported again."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Example:
    """One difference, to see what an import is about to do."""

    line: int
    organisation: str
    contact: str
    what: str
    """`added`, `closed`, or the name of the field that changes."""
    before: str = ""
    after: str = ""


@dataclass(slots=True)
class Tally:
    """How many there were of each."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class ImportResult:
    """Every line of the file is in exactly one of added, changed, unchanged, merged, rejected."""

    lines: int
    added: int
    changed: int
    unchanged: int
    merged: int
    """Lines that only repeat a contact of a line before."""
    closed: int
    """Organisations that the file no longer names (only when it was said to be complete)."""
    rejected: tuple[Reject, ...]
    organisations: Tally
    contacts: Tally
    examples: tuple[Example, ...]
    notes: tuple[str, ...]
    read_as: str
    """The kind of file, such as `UTF-8 text with commas`."""
    columns: dict[str, str] = field(default_factory=dict)
    """Field → the heading it was found under."""
    attributes: tuple[str, ...] = ()
    dry_run: bool = False
    fingerprint: str = ""
    """The same for two imports only when they change the same rows in the same way."""
