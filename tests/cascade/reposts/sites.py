"""Sites of strangers on loopback, that answer whatever bytes a test wants."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Answer = Callable[[socket.socket], None]


@dataclass(slots=True)
class Site:
    """A site, its paths, and what it was asked."""

    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    tls: ssl.SSLContext | None = None

    def at(self, path: str) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}{path}"


def page(
    body: bytes, *, status: str = "200 OK", kind: str = "text/html; charset=utf-8", **headers: str
) -> Answer:
    """An answer that ends."""
    given = {"Content-Type": kind, "Content-Length": f"{len(body)}"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(wire: socket.socket) -> None:
        wire.sendall(head(status, given) + body)

    return answer


def moved(to: str) -> Answer:
    return page(b"", status="302 Found", Location=to)


def endless(first: bytes, again: bytes, pause: float = 0) -> Answer:
    """An answer that goes on until nobody listens."""

    def answer(wire: socket.socket) -> None:
        wire.sendall(first)
        for _ in range(100_000):
            wire.sendall(again)
            time.sleep(pause)

    return answer


def head(status: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


@contextmanager
def site(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A site that answers until the block ends; with `tls` only who trusts its certificate."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running = Site(listening.getsockname()[1], tls=tls)
        serving = threading.Thread(target=_serve, args=(listening, running), daemon=True)
        serving.start()
        yield running
        listening.shutdown(socket.SHUT_RDWR)
        serving.join(5)


def _serve(listening: socket.socket, running: Site) -> None:
    with suppress(OSError):
        while True:
            wire, _ = listening.accept()
            threading.Thread(target=_answer, args=(wire, running), daemon=True).start()


def _answer(wire: socket.socket, running: Site) -> None:
    with suppress(OSError), running.tls.wrap_socket(wire, True) if running.tls else wire as wire:
        asked = wire.recv(65_536).decode("latin-1")
        running.asked.append(asked)
        path = asked.split(" ")[1] if asked.startswith("GET ") else ""
        running.answers.get(path, page(b"gone", status="404 Not Found"))(wire)
