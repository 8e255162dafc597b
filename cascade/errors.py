"""What can go wrong, as one tree with one root.

CascadeError
├── Refused          the request is understood and not allowed; the sentence says what to do instead
│   ├── NeedsAgain   the same release was made a short while ago; `--again` repeats it
│   ├── Released     the same page was sent twice; carries the cascade that came of it
│   └── Overtaken    somebody else changed the same thing meanwhile; nothing was saved
├── NotVouched       the provider of sign-in vouches for nobody; `reason` tells what may help
├── NotFound         what was named does not exist
└── BadInput         the input has problems, each with its place and its remedy
"""

from collections.abc import Sequence
from typing import Literal


class CascadeError(Exception):
    """Root of everything that Cascade raises on purpose; the text is a sentence for people."""


class Refused(CascadeError):
    """The request is understood and not allowed as things stand."""


class NeedsAgain(Refused):
    """The same version went to the same segments a short while ago."""


class Released(Refused):
    """This page was sent already; `cascade` is what came of it."""

    def __init__(self, cascade: int) -> None:
        super().__init__(f"This was released already, as cascade {cascade}.")
        self.cascade = cascade


class Overtaken(Refused):
    """Somebody else changed the same thing after it was read for this change."""


class NotVouched(CascadeError):
    """The provider vouches for nobody. `reason`: the person `declined`, may try `again`, the
    provider is `away`, or what it says is `wrong`. The text is for the log."""

    def __init__(self, reason: Literal["declined", "again", "away", "wrong"], summary: str) -> None:
        super().__init__(summary)
        self.reason = reason


class NotFound(CascadeError):
    """What was named does not exist."""


class BadInput(CascadeError):
    """The input has problems; `problems` holds one line for each."""

    def __init__(self, summary: str, problems: Sequence[str] = ()) -> None:
        super().__init__(summary)
        self.problems = tuple(problems)
