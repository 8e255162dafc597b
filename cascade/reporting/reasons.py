"""Why a message did not get through, in plain words, and what to do about it (RFC 3463)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_STATUS = re.compile(r"(?<![\w.])([245])\.(\d{1,3})\.(\d{1,3})(?!\w|\.\d)")
_REPLY = re.compile(r"(?<![\w.])([45]\d\d)(?!\w|\.\d)")


@dataclass(frozen=True, slots=True)
class Reason:
    """What is wrong, and what a person in the cell can do."""

    words: str
    remedy: str


_CHECK = "Check the address with the organisation and correct it."
_THEIRS = "Their mail system is at fault. Phone them, and ask them to have it looked at."
_LATER = "Phone them if it is urgent: nothing can be done to the address."
_OURS = "Show this to whoever looks after your mail server: it is about us, not about them."
_SMALLER = "Publish a shorter version, or ask them for an address that takes larger messages."

_BY_DETAIL: Mapping[str, Reason] = MappingProxyType(
    {
        "1.1": Reason("There is no such mailbox", _CHECK),
        "1.2": Reason("There is no such mail domain", _CHECK),
        "1.3": Reason("The address is not written as their server needs it", _CHECK),
        "1.4": Reason("The address stands for more than one mailbox", _CHECK),
        "1.6": Reason("The mailbox has moved, and nobody left a new address", _CHECK),
        "1.8": Reason("They do not accept our sender address", _OURS),
        "1.10": Reason("The domain takes no mail at all", _CHECK),
        "2.1": Reason("The mailbox is switched off", _CHECK),
        "2.2": Reason("The mailbox is full", "Phone them, and ask them to make room."),
        "2.3": Reason("The message is too large for this mailbox", _SMALLER),
        "2.4": Reason("A mailing list behind the address does not work", _THEIRS),
        "3.1": Reason("Their mail server has no room left", _THEIRS),
        "3.2": Reason("Their mail server is closed for now", _LATER),
        "3.4": Reason("The message is too large for their server", _SMALLER),
        "4.1": Reason("Their mail server did not answer", _LATER),
        "4.2": Reason("The connection to their mail server broke", _LATER),
        "4.3": Reason("Their domain could not be looked up", _LATER),
        "4.4": Reason("No way leads to their mail server", _CHECK),
        "4.6": Reason("The message went round in circles between servers", _THEIRS),
        "4.7": Reason("It was tried for too long without success", _LATER),
        "7.0": Reason("Their rules do not let the message in", _OURS),
        "7.1": Reason("They did not allow this message in", _OURS),
        "7.2": Reason("We may not write to a mailing list behind the address", _CHECK),
        "7.8": Reason("The mail server did not accept our login", _OURS),
        "7.9": Reason("The mail server did not accept our way of signing in", _OURS),
        "7.13": Reason("The account behind the address is switched off", _CHECK),
        "7.20": Reason("Our message was not signed as they ask (DKIM)", _OURS),
        "7.23": Reason("Our server may not send for our domain (SPF)", _OURS),
        "7.25": Reason("Our server's name could not be looked up", _OURS),
        "7.26": Reason("Our message failed several checks of its sender", _OURS),
        "7.27": Reason("Our sender address takes no answers", _OURS),
    }
)
"""By subject and detail of the status code."""

_BY_SUBJECT: Mapping[str, Reason] = MappingProxyType(
    {
        "1": Reason("Something is wrong with the address", _CHECK),
        "2": Reason("Something is wrong with the mailbox", _CHECK),
        "3": Reason("Something is wrong with their mail system", _THEIRS),
        "4": Reason("The message could not be brought to their server", _LATER),
        "5": Reason("The servers did not understand each other", _OURS),
        "6": Reason("Their server could not read the message", _OURS),
        "7": Reason("Their server took the message for unwanted or unsafe", _OURS),
    }
)

_BY_REPLY: Mapping[str, Reason] = MappingProxyType(
    {
        "421": Reason("Their mail server is closed for now", _LATER),
        "450": Reason("The mailbox could not be used at that moment", _LATER),
        "451": Reason("Their mail server had a fault of its own", _LATER),
        "452": Reason("Their mail server has no room left", _THEIRS),
        "550": Reason("The mailbox was refused", _CHECK),
        "551": Reason("The mailbox is somewhere else", _CHECK),
        "552": Reason("The mailbox is full, or the message too large", _LATER),
        "553": Reason("The address is not written as their server needs it", _CHECK),
        "554": Reason("Their server refused the message", _OURS),
        "556": Reason("The domain takes no mail at all", _CHECK),
    }
)
"""Codes of RFC 5321, for servers that give no status."""

UNKNOWN = Reason(
    "They gave no reason that we understand",
    "Read what their server said, and phone them if it is not clear.",
)
SUPPRESSED: Mapping[str, Reason] = MappingProxyType(
    {
        "bounced": Reason(
            "An earlier message to this address came back",
            "Ask for another address, or take this one off the suppression list once it works.",
        ),
        "complained": Reason(
            "They marked an earlier message as unwanted", "Phone them, and ask what they want."
        ),
        "unsubscribed": Reason(
            "They asked for no routine messages", "Nothing: urgent messages still reach them."
        ),
    }
)
"""Why an address is not written to."""


def status(detail: str) -> str:
    """The first status code (RFC 3463) in a server's words, else its reply code, else nothing."""
    found = _STATUS.search(detail)
    if found:
        return ".".join(str(int(part)) for part in found.groups())
    reply = _REPLY.search(detail)
    return reply[1] if reply else ""


def reason(code: str) -> Reason:
    """What a code from `status` means; a code nobody knows says at least what it is about."""
    if "." not in code:
        return _BY_REPLY.get(code, UNKNOWN)
    _, subject, detail = code.split(".")
    found = _BY_DETAIL.get(f"{subject}.{detail}") or _BY_SUBJECT.get(subject)
    return found or UNKNOWN


def reason_of(state: str, detail: str) -> Reason:
    """Why a delivery is in a state, by the words of the event that put it there."""
    if state == "suppressed":
        return SUPPRESSED.get(detail, UNKNOWN)
    return reason(status(detail))
