"""Fetch one page from a stranger's site, within limits of place, time, size and kind.

The name is resolved here, every address it has must be a public one, and the connection goes to
one of those that were looked at: what the name stands for a moment later makes no difference. That
is why this is http.client on a socket of ours: the libraries above it resolve by themselves.
"""

import http.client
import io
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from queue import Empty, Queue
from threading import Thread
from typing import Any
from urllib.parse import urljoin

from cascade.reposts.addresses import Refused, Target, is_loopback, is_public, target
from cascade.reposts.decoding import decoded, is_text

SECONDS = 10.0
"""For everything together: names, redirects, the page."""
LARGEST = 1_000_000
"""Bytes that are read of a page; what comes after is not looked at."""
_HEADERS = 100_000
_REDIRECTS = 3
_MOVED = frozenset({301, 302, 303, 307, 308})
_CHUNK = 16_384

Resolve = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Page:
    """What a site answered with."""

    address: str
    """Where it was in the end."""
    status: int
    text: str
    is_html: bool


class Unreachable(Exception):
    """Nothing could be read; `again`: that may be different later. The words say why."""

    def __init__(self, words: str, *, again: bool, status: int | None = None) -> None:
        super().__init__(words)
        self.again, self.status = again, status


@dataclass(frozen=True, slots=True)
class Fetcher:
    """How pages are asked for."""

    agent: str
    """What we call ourselves (`User-Agent`)."""
    loopback: bool = False
    """Whether this very machine may be asked, on any port: for tests and the demonstration."""
    seconds: float = SECONDS
    resolve: Resolve | None = None

    def __call__(self, address: str) -> Page:
        """The page at an address. Raises Refused for one that isn't asked for, and Unreachable."""
        deadline = time.monotonic() + self.seconds
        for _ in range(_REDIRECTS + 1):
            asked = target(address, loopback=self.loopback)
            found = self._ask(asked, deadline)
            if isinstance(found, Page):
                return found
            address = urljoin(asked.address, found)
        raise Unreachable("the page leads to another one again and again", again=False)

    def _ask(self, asked: Target, deadline: float) -> Page | str:
        """The page, or where it has moved to."""
        try:
            with self._connected(asked, deadline) as wire:
                return _page(asked, wire, self.agent)
        except ssl.SSLError:
            raise Unreachable("the site has no valid certificate", again=False) from None
        except TimeoutError:
            raise Unreachable("the site took too long", again=True) from None
        except OSError:
            raise Unreachable("the site does not answer", again=True) from None
        except (http.client.HTTPException, ValueError):
            raise Unreachable("the site answers with something else", again=False) from None

    def _connected(self, asked: Target, deadline: float) -> "_Wire":
        """A connection to an address that was looked at, with the name's certificate."""
        number = self._address(asked, deadline)
        plain = socket.create_connection((number, asked.port), _left(deadline))
        try:
            if asked.scheme == "https":
                plain.settimeout(_left(deadline))
                plain = _tls().wrap_socket(plain, server_hostname=asked.host)
        except BaseException:
            plain.close()
            raise
        return _Wire(plain, deadline)

    def _address(self, asked: Target, deadline: float) -> str:
        numbers = _in_time(self.resolve or resolved, asked, deadline)
        if not numbers:
            raise Unreachable("there is no site of this name", again=True)
        if not all(self._may_be_asked(one) for one in numbers):
            raise Refused("the address leads into a network that is not public")
        return numbers[0]

    def _may_be_asked(self, number: str) -> bool:
        return is_public(number) or (self.loopback and is_loopback(number))


def resolved(host: str, port: int) -> Sequence[str]:
    """Every address that a name has, those of IPv4 first; none where the name isn't known."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    numbers = dict.fromkeys(str(one[4][0]).partition("%")[0] for one in found)
    return sorted(numbers, key=lambda one: ":" in one)


class _Wire:
    """A socket whose every wait ends with the deadline, and that gives only so many bytes."""

    def __init__(self, plain: socket.socket, deadline: float) -> None:
        self._plain, self._deadline = plain, deadline
        self._room = LARGEST + _HEADERS

    def __enter__(self) -> "_Wire":
        return self

    def __exit__(self, *_: object) -> None:
        self._plain.close()

    def sendall(self, content: bytes) -> None:
        self._plain.settimeout(_left(self._deadline))
        self._plain.sendall(content)

    def recv_into(self, buffer: Any) -> int:
        self._plain.settimeout(_left(self._deadline))
        count = self._plain.recv_into(buffer)
        self._room -= count
        if self._room < 0:
            raise http.client.HTTPException("more than is read")
        return count

    def makefile(self, *_: object) -> io.BufferedReader:
        """What http.client reads the answer from."""
        return io.BufferedReader(_Raw(self))

    def close(self) -> None:
        """http.client closes when the headers are read; the block around it does it in the end."""


class _Raw(io.RawIOBase):
    def __init__(self, wire: _Wire) -> None:
        self._wire = wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._wire.recv_into(buffer)


def _page(asked: Target, wire: _Wire, agent: str) -> Page | str:
    connection = (
        http.client.HTTPSConnection(asked.host, asked.port, context=_tls())
        if asked.scheme == "https"
        else http.client.HTTPConnection(asked.host, asked.port)
    )
    connection.sock = wire
    headers = {
        "User-Agent": agent,
        "Accept": "text/html, text/plain;q=0.9",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    connection.request("GET", asked.path, headers=headers)
    with connection.getresponse() as answer:
        moved = answer.getheader("Location")
        if answer.status in _MOVED and moved:
            return moved
        _look_at(answer)
        kind = answer.headers.get_content_type()
        charset = answer.headers.get_content_charset()
        content = _body(answer)
    text = decoded(content, answer.getheader("Content-Encoding", ""), charset, LARGEST)
    return Page(asked.address, answer.status, text, kind != "text/plain")


def _look_at(answer: http.client.HTTPResponse) -> None:
    status = answer.status
    if status != 200:
        later = status in (408, 425, 429) or status >= 500
        raise Unreachable(f"the site answers with {status}", again=later, status=status)
    if not is_text(answer.headers.get_content_type()):
        raise Unreachable("this is not a page of text", again=False, status=status)


def _body(answer: http.client.HTTPResponse) -> bytes:
    """As much as is looked at."""
    parts: list[bytes] = []
    room = LARGEST
    while room > 0 and (part := answer.read1(min(_CHUNK, room))):
        parts.append(part)
        room -= len(part)
    return b"".join(parts)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _in_time(resolve: Resolve, asked: Target, deadline: float) -> Sequence[str]:
    """Resolve the name; the system's way to do that knows no time-out."""
    answers: Queue[Sequence[str]] = Queue()
    ask = Thread(target=lambda: answers.put(resolve(asked.host, asked.port)), daemon=True)
    ask.start()
    try:
        return answers.get(timeout=_left(deadline))
    except Empty:
        raise TimeoutError from None


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
