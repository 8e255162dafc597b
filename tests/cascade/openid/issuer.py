"""A provider that says whatever a test wants, with keys of its own; and who asks it."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from cascade.openid.provider import Attempt, Provider, Registration

CLIENT, SECRET, NAME = "cascade", "cascade-and-the-provider", "County sign-in"
BACK = "http://127.0.0.1:8000/sign-in/provider/answer"
KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
EC_KEY = ECKey.generate_key("P-256", {"kid": "curve", "use": "sig"})

Answer = tuple[int, bytes]


class Issuer:
    """What it answers at each path, and what it was asked."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.asked: list[str] = []
        self.posted: dict[str, str] = {}
        self.answers: dict[str, Callable[[], Answer]] = {}
        self.pace = 0.0
        """Seconds between two bytes of an answer."""
        self.say("/.well-known/openid-configuration", self.discovery())
        self.say("/jwks", {"keys": [KEY.as_dict(private=False), EC_KEY.as_dict(private=False)]})

    def discovery(self, **changed: Any) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/auth",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/jwks",
        } | changed

    def say(self, path: str, said: object, status: int = 200) -> None:
        """Answer with this, as JSON unless it's bytes."""
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.answers[path] = lambda: (status, body)

    def vouch(self, token: str) -> None:
        """Give this ID token for the next code."""
        self.say("/token", {"access_token": "x", "token_type": "Bearer", "id_token": token})

    def claims(self, attempt: Attempt, now: datetime, **changed: Any) -> dict[str, Any]:
        """What a good token says; with None a claim is left out."""
        moment = int(now.timestamp())
        said = {
            "iss": self.address,
            "sub": "248289761001",
            "aud": CLIENT,
            "iat": moment,
            "exp": moment + 300,
            "nonce": attempt.nonce,
            "email": "jo@example.org",
            "email_verified": True,
        } | changed
        return {name: value for name, value in said.items() if value is not None}

    def provider(self, **changed: Any) -> Provider:
        """Us, as it knows us."""
        known = {
            "issuer": self.address,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "name": NAME,
            "redirect_uri": BACK,
        }
        return Provider(Registration(**(known | changed)))


def signed(claims: dict[str, Any], key: RSAKey | ECKey | OctKey = KEY, alg: str = "RS256") -> str:
    """A token."""
    header = {"alg": alg} | ({"kid": key.kid} if key.kid else {})
    return jwt.encode(header, claims, key, algorithms=[alg])


def asked(address: str) -> dict[str, str]:
    """The query of the address that a browser is sent to."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@contextmanager
def serving() -> Iterator[Issuer]:
    """One on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked.append(self.path)
            answer = issuer.answers.get(self.path, lambda: (404, b"{}"))
            status, body = answer()
            self.send_response(status)
            self.send_header("Location", f"{issuer.address}/elsewhere")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self._write(body)

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            issuer.posted = {name: one[0] for name, one in parse_qs(sent).items()}
            issuer.posted["authorization"] = self.headers.get("Authorization", "")
            self.do_GET()

        def _write(self, body: bytes) -> None:
            try:
                for at in range(0, len(body), 1 if issuer.pace else len(body)):
                    time.sleep(issuer.pace)
                    self.wfile.write(body[at : at + 1] if issuer.pace else body)
            except OSError:
                pass  # whoever asked has hung up, as they should

        def log_message(self, *said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    issuer = Issuer(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
