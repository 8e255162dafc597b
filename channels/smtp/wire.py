"""Bytes as they go over the wire: CRLF line ends, transparent dots (RFC 5321, 4.5.2), commands."""

import re

from channels.base import Outgoing, WireBody

_LINE_END = re.compile(rb"\r\n|\r|\n")
_DOT_LINE = re.compile(rb"^\.", re.MULTILINE)
# Neither control characters nor blanks nor brackets: nothing that could end a command or its path.
_PLAIN_ADDRESS = re.compile(r"[^\x00-\x20<>\x7f-\xa0\u2028\u2029\ud800-\udfff]{1,320}")


def wire_form(message: bytes) -> WireBody:
    """Give any RFC 5322 message the form that `Outgoing.body` asks for."""
    lines = _LINE_END.sub(b"\r\n", message)
    stuffed = _DOT_LINE.sub(b"..", lines)
    return WireBody(stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n")


def check(message: Outgoing) -> None:
    """Raise a ValueError that says what may not be put on a wire, and why."""
    _check_address("return path", message.sender or "-", message.utf8)
    _check_address("address", message.recipient, message.utf8)
    if not message.body.endswith(b"\r\n"):
        raise ValueError("The message is not in wire form: its last line has no CRLF")


def _check_address(what: str, address: str, utf8: bool) -> None:
    if not _PLAIN_ADDRESS.fullmatch(address):
        raise ValueError(
            f"The {what} is empty, over 320 characters, or has blanks, brackets or controls in it"
        )
    if not (utf8 or address.isascii()):
        raise ValueError(f"The {what} is not ASCII and the message was not marked for SMTPUTF8")


def mail_command(message: Outgoing, *, size: bool) -> bytes:
    """MAIL FROM with the parameters that the server knows (RFC 1870, RFC 6531)."""
    parameters = f" SIZE={len(message.body)}" if size else ""
    if message.utf8:
        parameters += " SMTPUTF8"
    return f"MAIL FROM:<{message.sender}>{parameters}\r\n".encode()


def rcpt_command(message: Outgoing) -> bytes:
    """RCPT TO for the one recipient."""
    return f"RCPT TO:<{message.recipient}>\r\n".encode()
