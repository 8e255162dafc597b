"""Where the mail server is and how to talk to it, from one URL."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias, cast
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

Tls: TypeAlias = Literal["offered", "starttls", "tls", "none"]

_SHAPE = "smtp://[user:password@]host[:port][?tls=none|starttls|tls]"


@dataclass(frozen=True, slots=True)
class SmtpAddress:
    """A mail server. Its password never shows in a repr, a string or an error.

    `tls`: "offered" uses STARTTLS when the server has it, "starttls" insists on it, "tls" speaks
    TLS from the first byte. A user without a `tls=` means "starttls": a password does not
    travel in the clear unless `tls=none` says so.
    """

    host: str
    port: int
    tls: Tls = "offered"
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, url: str) -> "SmtpAddress":
        """Read `smtp://` or `smtps://`; raises a ValueError that says what is wrong."""
        try:
            parts = urlsplit(url.strip())
            port = parts.port
        except ValueError:
            raise ValueError(
                f"The port or the host cannot be read. It should be {_SHAPE}"
            ) from None
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError(f"It should be {_SHAPE}")
        if parts.path not in ("", "/") or parts.fragment or port == 0:
            raise ValueError(f"Nothing may follow the host and a port above 0 but ?tls=. {_SHAPE}")
        user, password = _credentials(parts)
        tls = _tls(parts, signed_in=bool(user))
        return cls(parts.hostname, port or (465 if tls == "tls" else 25), tls, user, password)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def _credentials(parts: SplitResult) -> tuple[str, str]:
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise ValueError("A user needs a password and a password a user: smtp://user:password@host")
    if not (user + password).isascii() or not (user + password).isprintable():
        raise ValueError("User and password may hold printable ASCII only (percent-encoded)")
    return user, password


def _tls(parts: SplitResult, *, signed_in: bool) -> Tls:
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    tls = query.pop("tls", None)
    if query:
        raise ValueError(f"The only option is tls=, not {', '.join(sorted(query))}=")
    if tls not in (None, "none", "starttls", "tls"):
        raise ValueError("tls= should be none, starttls or tls")
    if parts.scheme == "smtps":
        if tls not in (None, "tls"):
            raise ValueError("smtps:// is TLS from the first byte: leave out tls=, or use smtp://")
        return "tls"
    return cast(Tls, tls) if tls else ("starttls" if signed_in else "offered")
