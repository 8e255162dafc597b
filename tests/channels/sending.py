"""What the tests of sending share: messages, and a record that keeps what it is given."""

from collections.abc import Callable, Iterator, Sequence
from time import monotonic, sleep

from channels.base import Outcome, Outgoing
from channels.smtp import SmtpAddress, SmtpChannel, wire_form
from tests.smtp_server import SmtpServer


class Ledger:
    """A record: `batches` as they came, `outcomes` by key; a second one for a key is an error."""

    def __init__(self) -> None:
        self.batches: list[list[Outcome]] = []
        self.outcomes: dict[int, Outcome] = {}

    def __call__(self, outcomes: Sequence[Outcome]) -> None:
        self.batches.append(list(outcomes))
        for outcome in outcomes:
            assert outcome.key not in self.outcomes, "recorded twice"
            self.outcomes[outcome.key] = outcome

    @property
    def kinds(self) -> list[str]:
        return [self.outcomes[key].kind for key in sorted(self.outcomes)]


def eventually(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Whether it comes true in time."""
    end = monotonic() + seconds
    while not condition():
        if monotonic() > end:
            return False
        sleep(0.005)
    return True


def recipient(key: int) -> str:
    return f"r{key}@example.org"


def message(key: int, *, to: str = "", text: str = "Hello", utf8: bool = False) -> Outgoing:
    raw = f"Message-ID: <{key}@example.org>\nSubject: {key}\n\n{text}\n".encode()
    return Outgoing(key, f"b-{key}@example.org", to or recipient(key), wire_form(raw), utf8)


def messages(count: int) -> Iterator[Outgoing]:
    return (message(key) for key in range(count))


def channel_to(server: SmtpServer, **options: object) -> SmtpChannel:
    return SmtpChannel(
        SmtpAddress.parse(server.url), **{"connections": 1, "timeout": 5.0} | options
    )
