"""What a release comes to: its numbers, and a few of its recipients."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cascade.sending.headcount import Headcount
from cascade.sending.records import Cascade
from cascade.sending.resolve import Recipient
from cascade.sending.words import organisation_words


@dataclass(frozen=True, slots=True)
class Planned:
    """The numbers of a release, and a few of its recipients; `cascade` is None in a dry run."""

    cascade: int | None
    title: str
    tier: str
    send_at: datetime
    deadline_at: datetime | None
    awaits_until: datetime | None
    """Until when a second person may countersign it; None: it goes out without."""
    organisations: int
    recipients: int
    deliveries: int
    variants: int
    segments: Mapping[str, Mapping[str, int]]
    suppressed: Sequence[Mapping[str, str | int]]
    overlapping: int
    """People in several of the segments; each gets one message with what is for all of them."""
    sample: Sequence[Mapping[str, str | int]] = field(default_factory=tuple)


def described(cascade: Cascade, counted: Headcount, variants: int) -> Planned:
    """The numbers of a cascade and its audience."""
    segments = {
        name: {
            "organisations": sum(n for names, n in counted.organisations.items() if name in names),
            "recipients": sum(n for (names, *_), n in counted.recipients.items() if name in names),
        }
        for name in cascade.segments
    }
    return Planned(
        cascade=cascade.id,
        title=cascade.title,
        tier=cascade.tier,
        send_at=cascade.send_at,
        deadline_at=cascade.deadline_at,
        awaits_until=cascade.awaits_until,
        organisations=cascade.organisations,
        recipients=cascade.recipients,
        deliveries=cascade.recipients,
        variants=variants,
        segments=segments,
        suppressed=[
            {"reason": reason, "count": total}
            for reason, total in sorted(cascade.suppressed.items())
        ],
        overlapping=len(counted.overlapping),
        sample=[_shown(one) for one in counted.sample],
    )


def _shown(recipient: Recipient) -> Mapping[str, str | int]:
    return {
        "contact_id": recipient.contact_id,
        "organisation": organisation_words(tuple(recipient.organisations.values())),
        "contact": recipient.contact,
        "address": recipient.address,
        "segments": ", ".join(sorted(recipient.segments)),
    }
