"""Open one connection: greeting, EHLO, TLS, sign-in; then hand over its bare socket."""

import smtplib
import socket
import ssl
from dataclasses import dataclass
from functools import lru_cache

from channels.base import ChannelDown
from channels.smtp.address import SmtpAddress
from channels.smtp.replies import printable


@dataclass(frozen=True, slots=True)
class Offers:
    """What the server's EHLO said it can do."""

    pipelining: bool = False
    size: bool = False
    utf8: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A socket, set to non-blocking, on which a message may now begin."""

    sock: socket.socket
    offers: Offers


@lru_cache(maxsize=1)
def verifying() -> ssl.SSLContext:
    """The default context, which verifies certificates; made once, because it takes a while."""
    return ssl.create_default_context()


def open_connection(
    address: SmtpAddress, *, hello: str, timeout: float, context: ssl.SSLContext | None
) -> Opened:
    """Connect and get ready to send; blocks. Raises ChannelDown with words for a person."""
    try:
        smtp = _connect(address, timeout, context)
    except (OSError, smtplib.SMTPException) as error:
        raise ChannelDown(f"{address} cannot be reached: {_words(error)}") from error
    try:
        _introduce(smtp, address, hello, context)
    except (OSError, smtplib.SMTPException) as error:
        smtp.close()
        raise ChannelDown(f"{address} does not let us in: {_words(error)}") from error
    return _take_over(smtp)


def _connect(address: SmtpAddress, timeout: float, context: ssl.SSLContext | None) -> smtplib.SMTP:
    # smtplib verifies nothing without a context, and asks the DNS for our name, which can take
    # long, unless it is given one.
    if address.tls == "tls":
        return smtplib.SMTP_SSL(
            address.host, address.port, "x", timeout=timeout, context=context or verifying()
        )
    return smtplib.SMTP(address.host, address.port, "x", timeout=timeout)


def _introduce(
    smtp: smtplib.SMTP, address: SmtpAddress, hello: str, context: ssl.SSLContext | None
) -> None:
    smtp.local_hostname = hello or _own_name(smtp)
    smtp.ehlo_or_helo_if_needed()
    if address.tls == "starttls" or (address.tls == "offered" and smtp.has_extn("starttls")):
        smtp.starttls(context=context or verifying())
        smtp.ehlo_or_helo_if_needed()
    if address.user:
        smtp.login(address.user, address.password)


def _own_name(smtp: smtplib.SMTP) -> str:
    """Our full host name, or else our address as a literal (RFC 5321, 4.1.4)."""
    name = socket.gethostname()
    if "." in name:
        return name
    ours = str(_socket(smtp).getsockname()[0])
    return f"[IPv6:{ours}]" if ":" in ours else f"[{ours}]"


def _take_over(smtp: smtplib.SMTP) -> Opened:
    """Part the socket from smtplib, whose buffer is empty: the server waits for us now."""
    sock = _socket(smtp)
    offers = Offers(
        pipelining=smtp.has_extn("pipelining"),
        size=smtp.has_extn("size"),
        utf8=smtp.has_extn("smtputf8"),
    )
    smtp.sock = None
    smtp.close()
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setblocking(False)
    return Opened(sock, offers)


def _socket(smtp: smtplib.SMTP) -> socket.socket:
    sock = smtp.sock
    if sock is None:
        raise OSError("the connection was lost")
    return sock


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        if error.smtp_code < 0:
            return "it does not speak SMTP"
        return f"{error.smtp_code} {printable(error.smtp_error)}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message})"
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "no answer in time"
    return printable(str(error)) or type(error).__name__
