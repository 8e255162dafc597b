"""What a refusal means: who is to blame for it, and whether a later try can help.

| stage      | reply                         | verdict                                       |
| ---------- | ----------------------------- | --------------------------------------------- |
| any        | 421                           | the connection is over (not decided here)     |
| mail       | 552, 555; 5.2.3, 5.3.4, 5.6.7 | permanent: this message is too big or too new |
| mail       | anything else                 | down: our sender or our account is refused    |
| any        | 530, 534, 535, 538            | down: the server wants us to sign in, or TLS  |
| rcpt       | 552                           | temporary: as 452 (RFC 5321, 4.5.3.1.10)      |
| rcpt, body | 5xx with 5.2.2                | temporary: a full mailbox is emptied some day |
| rcpt       | 5xx with 5.7.x                | temporary: policy; as likely ours as theirs   |
| later ones | other 4xx, 5xx                | temporary, permanent                          |
"""

from typing import Literal, TypeAlias

from channels.base import Stage
from channels.smtp.replies import Reply

Verdict: TypeAlias = Literal["temporary", "permanent", "down"]

_BY_CODE: dict[tuple[Stage, int], Verdict] = {
    ("mail", 552): "permanent",
    ("mail", 555): "permanent",
    ("rcpt", 552): "temporary",
}
_BY_ENHANCED: dict[tuple[Stage, str], Verdict] = {
    ("mail", "5.2.3"): "permanent",
    ("mail", "5.3.4"): "permanent",
    ("mail", "5.6.7"): "permanent",
    ("rcpt", "5.2.2"): "temporary",
    ("body", "5.2.2"): "temporary",
}
_SIGN_IN_FIRST = {530, 534, 535, 538}


def judge(stage: Stage, reply: Reply) -> Verdict:
    """The verdict on a reply that refuses (4xx or 5xx)."""
    known = _BY_ENHANCED.get((stage, reply.enhanced)) or _BY_CODE.get((stage, reply.code))
    if known:
        return known
    if stage == "mail" or reply.code in _SIGN_IN_FIRST:
        return "down"
    if stage == "rcpt" and reply.enhanced.startswith("5.7."):
        # A relay that has forgotten us says this of everybody: nobody's delivery may end by it.
        return "temporary"
    return "temporary" if reply.code < 500 else "permanent"
