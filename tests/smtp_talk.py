"""One connection of the scripted SMTP server in `tests/smtp_server.py`."""

import base64
import re
import socket
import ssl
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

Stage = Literal["mail", "rcpt", "data", "body"]
EXTENSIONS = ("PIPELINING", "SIZE 50000000", "SMTPUTF8", "ENHANCEDSTATUSCODES")
_PATH = re.compile(rb"<([^>]*)>")
_MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that the server took responsibility for, whether or not it could say so."""

    connection: int
    sender: str
    recipient: str
    message_id: str
    raw: bytes


@dataclass
class Script:
    """How to behave; change it at any time.

    `replies`, `drops` (how often to close instead of a reply; after the body: having kept the
    message) and `delays` (seconds) are by stage and address: the return path for "mail", the
    recipient for the others, "*" for everybody.
    """

    greeting: str = "220 test.example.org ESMTP"
    slow_greetings: dict[int, float] = field(default_factory=dict)  # connection: seconds
    extensions: tuple[str, ...] = EXTENSIONS
    replies: dict[tuple[Stage, str], str] = field(default_factory=dict)
    drops: Counter[tuple[Stage, str]] = field(default_factory=Counter)
    delays: dict[tuple[Stage, str], float] = field(default_factory=dict)
    most_connections: int = 1000
    messages_per_connection: int = 1_000_000
    login: tuple[str, str] | None = None
    dribble: bool = False


@dataclass
class Desk:
    """What all connections of a server share."""

    script: Script
    tls: ssl.SSLContext | None
    wrap: bool
    accepted: list[Accepted] = field(default_factory=list)
    log: list[tuple[int, str]] = field(default_factory=list)
    open: dict[int, socket.socket] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Talk:
    """One connection."""

    def __init__(self, desk: Desk, number: int, sock: socket.socket) -> None:
        self.desk, self.number, self.sock = desk, number, sock
        self.script = desk.script
        self.sender = self.recipient = ""
        self.recipient_known = self.signed_in = False
        self.taken = 0

    def run(self) -> None:
        if self.desk.wrap:
            self._secure()
        else:
            self.lines = self.sock.makefile("rb")
        try:
            self._converse()
        finally:
            self.lines.close()
            self.sock.close()

    def _converse(self) -> None:
        time.sleep(self.script.slow_greetings.get(self.number, 0))
        self._say(self.script.greeting)
        while line := self.lines.readline():
            command = line.rstrip(b"\r\n")
            self.desk.log.append((self.number, command.decode("utf-8", "replace")))
            if not self._obey(command):
                return

    def _obey(self, command: bytes) -> bool:
        verb = command[:4].upper()
        if verb in (b"EHLO", b"HELO"):
            offers = list(self.script.extensions)
            offers += ["STARTTLS"] if self.desk.tls and not self.secured else []
            offers += ["AUTH PLAIN"] if self.script.login else []
            self._say(*(f"250-{line}" for line in ["test.example.org", *offers]), "250 HELP")
            return True
        return getattr(self, f"_{verb.decode('ascii', 'replace').lower()}", self._unknown)(command)

    @property
    def secured(self) -> bool:
        return isinstance(self.sock, ssl.SSLSocket)

    def _unknown(self, command: bytes) -> bool:
        self._say("500 5.5.2 What?")
        return True

    def _star(self, command: bytes) -> bool:
        self._say("220 Go on")
        self._secure()
        return True

    def _secure(self) -> None:
        assert self.desk.tls
        if not self.desk.wrap:
            self.lines.close()
        self.sock = self.desk.tls.wrap_socket(self.sock, server_side=True)
        with self.desk.lock:
            self.desk.open[self.number] = self.sock
        self.lines = self.sock.makefile("rb")

    def _auth(self, command: bytes) -> bool:
        login = self.script.login or ("", "")
        expected = base64.b64encode(f"\0{login[0]}\0{login[1]}".encode())
        self.signed_in = command.split()[-1] == expected
        self._say("235 2.7.0 Welcome" if self.signed_in else "535 5.7.8 Wrong password")
        return True

    def _mail(self, command: bytes) -> bool:
        if self.script.login and not self.signed_in:
            self._say("530 5.7.0 Authentication required")
            return True
        if self.taken >= self.script.messages_per_connection:
            self._say("421 4.7.0 Enough on this connection")
            return False
        if self.sender:
            self._say("503 5.5.1 Nested MAIL")
            return True
        address = _address(command)
        reply = self._reply("mail", address, "250 2.1.0 Ok")
        self.sender = address if reply and reply.startswith("250") else ""
        return reply is not None

    def _rcpt(self, command: bytes) -> bool:
        if not self.sender:
            self._say("503 5.5.1 MAIL first")
            return True
        self.recipient = _address(command)
        reply = self._reply("rcpt", self.recipient, "250 2.1.5 Ok")
        self.recipient_known = reply is not None and reply.startswith("2")
        return reply is not None

    def _data(self, command: bytes) -> bool:
        usual = "354 Go on" if self.recipient_known else "554 5.5.1 No valid recipients"
        reply = self._reply("data", self.recipient, usual)
        if reply is None:
            return False
        return self._body() if reply.startswith("354") else True

    def _rset(self, command: bytes) -> bool:
        self._forget()
        self._say("250 2.0.0 Ok")
        return True

    def _quit(self, command: bytes) -> bool:
        self._say("221 2.0.0 Bye")
        return False

    def _body(self) -> bool:
        lines = []
        while (line := self.lines.readline()) != b".\r\n":
            if not line:
                return False
            lines.append(line[1:] if line.startswith(b".") else line)
        self.desk.log.append((self.number, f"BODY {self.recipient}"))
        return self._keep(b"".join(lines))

    def _keep(self, raw: bytes) -> bool:
        usual = "250 2.0.0 Kept" if self.recipient_known else "554 5.5.1 No valid recipients"
        words = self._words("body", self.recipient, usual)
        recipient = self.recipient
        if words.startswith("2"):
            found = _MESSAGE_ID.search(raw)
            message_id = found[1].decode() if found else ""
            kept = Accepted(self.number, self.sender, recipient, message_id, raw)
            self.desk.accepted.append(kept)
            self.taken += 1
        self._forget()
        return self._reply("body", recipient, usual) is not None

    def _forget(self) -> None:
        self.sender = self.recipient = ""
        self.recipient_known = False

    def _words(self, stage: Stage, address: str, usual: str) -> str:
        replies = self.script.replies
        return replies.get((stage, address)) or replies.get((stage, "*")) or usual

    def _reply(self, stage: Stage, address: str, usual: str) -> str | None:
        """Say what the script has for this stage; None if it has a broken connection."""
        delays = self.script.delays
        time.sleep(delays.get((stage, address), delays.get((stage, "*"), 0)))
        if self._drops(stage, address):
            return None
        words = self._words(stage, address, usual)
        self._say(words)
        return words

    def _drops(self, stage: Stage, address: str) -> bool:
        drops = self.script.drops
        with self.desk.lock:
            for key in ((stage, address), (stage, "*")):
                if drops[key] > 0:
                    drops[key] -= 1
                    return True
        return False

    def _say(self, *lines: str) -> None:
        data = "".join(f"{line}\r\n" for line in lines).encode()
        if not self.script.dribble:
            self.sock.sendall(data)
            return
        for byte in data:
            self.sock.sendall(bytes([byte]))
            time.sleep(0.0002)


def _address(command: bytes) -> str:
    found = _PATH.search(command)
    return found[1].decode("utf-8", "replace") if found else ""
