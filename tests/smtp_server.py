"""A small scripted SMTP server for tests: real sockets, real threads, misbehaviour on demand."""

import socket
import ssl
import subprocess
import threading
from collections import Counter
from pathlib import Path
from typing import Self

from tests.smtp_talk import EXTENSIONS, Accepted, Desk, Script, Talk

__all__ = ["EXTENSIONS", "Accepted", "Script", "SmtpServer", "certificate", "server_context"]


class SmtpServer:
    """Serves on a loopback port until the `with` block ends.

    `accepted` is in order of arrival; `log` holds (connection, command or "BODY recipient");
    `connections` counts all that were ever let in.
    """

    def __init__(
        self, script: Script | None = None, *, tls: ssl.SSLContext | None = None, wrap: bool = False
    ) -> None:
        self._desk = Desk(script or Script(), tls, wrap)
        self.script = self._desk.script
        self.accepted = self._desk.accepted
        self.log = self._desk.log
        self.connections = 0
        self._listener = _listen(0)
        self.port: int = self._listener.getsockname()[1]

    @property
    def url(self) -> str:
        """Where it is, without TLS."""
        return f"smtp://127.0.0.1:{self.port}?tls=none"

    @property
    def message_ids(self) -> Counter[str]:
        """How often each Message-ID was accepted."""
        return Counter(message.message_id for message in self.accepted)

    def commands(self, connection: int | None = None) -> list[str]:
        """What was said to it, on one connection or on all."""
        return [said for number, said in self.log if connection in (None, number)]

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.go_down()

    def go_down(self) -> None:
        """Refuse connections from now on and break the open ones."""
        _end(self._listener)
        self._acceptor.join()
        self.drop_connections()

    def come_back(self) -> None:
        """Listen on the same port again."""
        self._listener = _listen(self.port)
        self._start()

    def drop_connections(self) -> None:
        """Break all open connections."""
        with self._desk.lock:
            for sock in self._desk.open.values():
                _end(sock)

    def _start(self) -> None:
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                self._listener.close()
                return
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        number = self._enrol(sock)
        try:
            if number is None:
                sock.sendall(b"421 4.7.0 Too many connections\r\n")
            else:
                Talk(self._desk, number, sock).run()
        except (OSError, ssl.SSLError):
            pass
        finally:
            with self._desk.lock:
                self._desk.open.pop(number or 0, None)
            sock.close()

    def _enrol(self, sock: socket.socket) -> int | None:
        with self._desk.lock:
            if len(self._desk.open) >= self.script.most_connections:
                return None
            self.connections += 1
            self._desk.open[self.connections] = sock
            return self.connections


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost and 127.0.0.1 that signs itself, and its key."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-nodes", "-days", "2", "-newkey", "ec"]
        + ["-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", "/CN=localhost"]
        + ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
        + ["-keyout", str(key), "-out", str(cert)],
        check=True,
        capture_output=True,
    )
    return cert, key


def server_context(cert: Path, key: Path) -> ssl.SSLContext:
    """The server's side of TLS with that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


def _listen(port: int) -> socket.socket:
    return socket.create_server(("127.0.0.1", port), backlog=128)


def _end(sock: socket.socket) -> None:
    """Wake whoever waits on it; closing alone would not."""
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
