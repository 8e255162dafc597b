"""What each word of a report means for a delivery: as much as it says, and no more."""

from collections.abc import Mapping
from dataclasses import dataclass

from cascade.audience.suppression import Reason
from cascade.evidence.fields import Said
from cascade.evidence.reading import Kind, Letter
from cascade.sending.states import DeliveryState, Grade


@dataclass(frozen=True, slots=True)
class Meaning:
    """The event to record and, where something is proved, the state and grade to move to."""

    event: str
    words: str
    state: DeliveryState | None = None
    grade: Grade | None = None


_FAILED = Meaning("bounced", "bounced: it was not delivered", DeliveryState.BOUNCED)
_DELIVERED = Meaning("delivered", "delivered, their server says", DeliveryState.DELIVERED, Grade.D)
_DISPLAYED = Meaning("displayed", "displayed, their mail program says", grade=Grade.C)
_COMPLAINED = Meaning("complained", "reported as unwanted")

_MEANINGS: Mapping[tuple[Kind, str], Meaning] = {
    (Kind.DELIVERY_STATUS, "failed"): _FAILED,
    (Kind.DELIVERY_STATUS, "delivered"): _DELIVERED,
    # A list that sends on to its members has got the message itself (RFC 3464, section 2.3.3).
    (Kind.DELIVERY_STATUS, "expanded"): _DELIVERED,
    (Kind.DELIVERY_STATUS, "relayed"): Meaning(
        "relayed", "passed to a server that does not report"
    ),
    (Kind.DELIVERY_STATUS, "delayed"): Meaning("delayed", "delayed: their server still tries"),
    (Kind.DISPOSITION, "displayed"): _DISPLAYED,
    (Kind.DISPOSITION, "deleted"): Meaning("deleted", "deleted, perhaps unread"),
    (Kind.COMPLAINT, "abuse"): _COMPLAINED,
    (Kind.COMPLAINT, "fraud"): _COMPLAINED,
    (Kind.COMPLAINT, "opt-out"): _COMPLAINED,
}
_OTHERWISE: Mapping[Kind, Meaning] = {
    Kind.DELIVERY_STATUS: Meaning("reported", "a report that does not say what became of it"),
    Kind.DISPOSITION: Meaning("reported", "a receipt that does not say it was displayed"),
    Kind.COMPLAINT: Meaning("feedback", "a feedback report that is no complaint"),
    Kind.AUTO_REPLY: Meaning("auto-replied", "an automatic reply"),
    Kind.NOTICE: Meaning("notice", "a server's notice without a report in it"),
    Kind.REPLY: Meaning("replied", "a reply, for a person to read"),
    Kind.UNKNOWN: Meaning("unreadable", "could not be read; a person should look at it"),
}

_NO_SUCH_MAILBOX = frozenset({"5.1.1", "5.1.6", "5.1.10"})
"""No such mailbox; moved, with no new address; the domain takes no mail (RFC 3463, RFC 7505)."""


def about(letter: Letter, address: str) -> Said:
    """What a report says about one address; an empty word when it isn't clear.

    A report may speak of several: then the one of this address counts, or what is said of all.
    """
    own = [one for one in letter.said if address.lower() in one.recipients]
    said = own or list(letter.said)
    words = {one.word for one in said}
    return said[0] if len(words) == 1 else Said("")


def meaning(kind: Kind, said: Said) -> Meaning:
    """What follows for the delivery."""
    return _MEANINGS.get((kind, said.word), _OTHERWISE[kind])


def suppression(effect: Meaning, said: Said, address: str) -> Reason | None:
    """Why the address must not be written to again, or None.

    A bounce says so only when it is this very address, not one that it forwards to, that their
    server doesn't know: a full mailbox or a refused message says nothing about the next one.
    """
    if effect is _COMPLAINED:
        return "complained"
    is_gone = effect is _FAILED and said.status in _NO_SUCH_MAILBOX
    return "bounced" if is_gone and address.lower() in said.recipients else None
