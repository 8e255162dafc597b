"""Addresses: in headers, with a display name, and in the envelope."""

import re
from dataclasses import dataclass
from email.utils import parseaddr
from functools import lru_cache

import idna

from channels.mime import headers
from channels.mime.parts import clean

_SPACES_AND_BRACKETS = re.compile(r"[\s<>,;:\"()\\\x00-\x1f\x7f]")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LONGEST_PLAIN = 200  # characters; a quoted name stands on one line


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address with the name that people see."""

    name: str
    address: str

    @classmethod
    def parse(cls, written: str) -> "Mailbox":
        """The mailbox in `name <address>`, or in an address alone."""
        return cls(*parseaddr(written))

    def header(self) -> str:
        """This mailbox for a From, To or Reply-To; raises ValueError."""
        address, _ = envelope_address(self.address)
        name = clean(self.name).strip()
        if not name:
            return address
        return f"{_phrase(name)}\r\n <{address}>"


def _phrase(name: str) -> str:
    if not name.isascii() or "=?" in name or len(name) > _LONGEST_PLAIN:
        return headers.encoded_words(name)
    if _ATOMS.fullmatch(name):
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@lru_cache(maxsize=4096)
def envelope_address(address: str) -> tuple[str, bool]:
    """The address as the wire wants it, and whether it needs SMTPUTF8.

    An international domain becomes A-labels (RFC 5891); only a local part beyond ASCII needs
    SMTPUTF8 (RFC 6531). Raises a ValueError that says what is wrong.
    """
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or "@" in local or _SPACES_AND_BRACKETS.search(address):
        raise ValueError(f"{address!r} is not an address: it should look like name@example.org")
    return f"{local}@{_ascii_domain(domain)}", not local.isascii()


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError(f"The domain {domain!r} is not a possible one: {error}") from error
