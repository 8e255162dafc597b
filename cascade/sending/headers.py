"""The headers of a message beside Date, From, To, Subject and Message-ID, which all messages have.

Some are left out on purpose. `Precedence` is no standard, and `Auto-Submitted` says what it would.
Automatic replies are kept from answering routine news only: that somebody is away is worth knowing
where an answer is awaited. Exchange reads `X-Auto-Response-Suppress` for that.
A report that the message was displayed (RFC 8098) is asked for where an answer is: to the return
path, because mail programs send none, or ask first, when the two differ.
"""

from collections.abc import Mapping

from cascade.identity import Identity
from cascade.sending.facts import CascadeFacts
from cascade.sending.framing import EXERCISE
from channels.mime import Hole, Parts


def headers(
    facts: CascadeFacts, identity: Identity, *, toolkit: str, language: str
) -> Mapping[str, Parts]:
    """The headers of every message of a variant; holes: `unsubscribe_link` and `return_path`."""
    return {
        "List-Id": (f"<{toolkit}.{identity.domain}>",),  # RFC 2919
        "Auto-Submitted": ("auto-generated",),  # RFC 3834
        **(_urgent() if facts.is_urgent else {}),
        **(_unsubscribing() if facts.can_unsubscribe else {}),
        **(_awaiting_an_answer() if facts.asks_confirmation else _expecting_no_answer()),
        **({"X-Cascade-Exercise": (EXERCISE,)} if facts.exercise else {}),
    }


def _urgent() -> Mapping[str, Parts]:
    return {"Importance": ("high",), "X-Priority": ("1 (Highest)",), "Priority": ("urgent",)}


def _unsubscribing() -> Mapping[str, Parts]:
    return {
        "List-Unsubscribe": ("<", Hole("unsubscribe_link", "link"), ">"),
        "List-Unsubscribe-Post": ("List-Unsubscribe=One-Click",),  # RFC 8058
    }


def _awaiting_an_answer() -> Mapping[str, Parts]:
    return {"Disposition-Notification-To": ("<", Hole("return_path", "text"), ">")}


def _expecting_no_answer() -> Mapping[str, Parts]:
    return {"X-Auto-Response-Suppress": ("OOF, AutoReply",)}
