"""Which addresses are looked at: plain web addresses of public names, on the usual ports."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

LONGEST = 2_000
_PORTS = {"http": 80, "https": 443}
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_SAFE = "%/:?#[]@!$&'()*+,;=~-._"
_INSIDE = ("localhost", "local", "internal", "lan", "home", "corp", "intranet", "arpa", "onion")
"""Last parts of names that mean another thing, or nothing, outside a network of its own."""
_CARRIERS = tuple(
    ipaddress.ip_network(one)
    # What stands in these is an IPv4 address in another dress, which may be a private one.
    for one in ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "fec0::/10")
)


class Refused(Exception):
    """An address that isn't looked at; the words say why."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a page is asked for."""

    scheme: str
    host: str
    """In small letters and A-labels; of an IPv6 address without brackets."""
    port: int
    path: str
    """With the query, and without what stands after #."""

    @property
    def address(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def target(address: str, *, loopback: bool = False) -> Target:
    """What an address asks for; raises Refused. `loopback`: any port may be asked for."""
    parts = _split(address)
    if parts.scheme not in _PORTS:
        raise Refused("the address does not begin with https:// or http://")
    if "@" in parts.netloc:
        raise Refused("the address has a name or a password in it")
    port = parts.port if parts.port is not None else _PORTS[parts.scheme]
    if port not in _PORTS.values() and not loopback:
        raise Refused("the address names an unusual port")
    path = quote(parts.path or "/", safe=_SAFE)
    query = f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
    return Target(parts.scheme, _host(parts.hostname or "", loopback), port, path + query)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet, however it's written."""
    found = ipaddress.ip_address(address)
    mapped = getattr(found, "ipv4_mapped", None)
    if mapped is not None:
        return is_public(str(mapped))
    if any(found.version == one.version and found in one for one in _CARRIERS):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def is_loopback(address: str) -> bool:
    """Whether an IP address is this machine's own."""
    return ipaddress.ip_address(address).is_loopback


def _split(address: str) -> SplitResult:
    if len(address) > LONGEST:
        raise Refused("the address is too long")
    if not address.isprintable() or " " in address or "\\" in address:
        raise Refused("the address has signs in it that no address has")
    try:
        parts = urlsplit(address)
        _ = parts.port  # read here because it's judged only then
    except ValueError:
        raise Refused("the address is not one that can be opened") from None
    return parts


def _host(name: str, loopback: bool) -> str:
    """The name in the form that is asked for; a number in disguise is none."""
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        pass
    try:
        host = name.rstrip(".").encode("idna").decode().lower()
    except UnicodeError:
        raise Refused("the address has no name of a site in it") from None
    labels = host.split(".")
    if not all(map(_LABEL.fullmatch, labels)) or len(host) > 253:
        raise Refused("the address has no name of a site in it")
    if loopback and host == "localhost":
        return host
    # `2130706433`, `0x7f.1` and `0177.0.0.1` are all 127.0.0.1 to who asks the system.
    if len(labels) < 2 or labels[-1][0].isdigit() or labels[-1] in _INSIDE:
        raise Refused("the address is not one of a public site")
    return host
