"""What a release comes to: its numbers, and a few of its recipients."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cascade.sending.headcount import SAMPLE, Headcount, Kind, kind
from cascade.sending.planting import VariantKey
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
    unreached: Mapping[str, int] = field(default_factory=dict)
    """Organisations of which nobody gets anything, by segment; only of a last look."""
    unreached_together: int = 0
    """The same, each once."""


@dataclass(frozen=True, slots=True)
class Example:
    """Somebody who gets a variant, and how many get the same."""

    recipient: Recipient
    people: int


def one_of_each(counted: Headcount, variants: Mapping[Kind, VariantKey]) -> list[Example]:
    """Somebody for each variant, the largest first."""
    sizes: Counter[VariantKey] = Counter()
    for which, people in counted.recipients.items():
        sizes[variants[which]] += people
    found: dict[VariantKey, Recipient] = {}
    for one in counted.sample:
        found.setdefault(variants[kind(one)], one)
    return [Example(found[key], people) for key, people in sizes.most_common() if key in found]


def described(cascade: Cascade, counted: Headcount, variants: Mapping[Kind, VariantKey]) -> Planned:
    """The numbers of a cascade and its audience; `variants`: what each kind of recipient gets."""
    segments = {
        name: {
            "organisations": _within(counted.organisations, name),
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
        variants=len(set(variants.values())),
        segments=segments,
        suppressed=[
            {"reason": reason, "count": total}
            for reason, total in sorted(cascade.suppressed.items())
        ],
        overlapping=len(counted.overlapping),
        sample=[_shown(one) for one in _sample(counted, variants)],
        unreached={name: _within(counted.unreached, name) for name in cascade.segments},
        unreached_together=sum(counted.unreached.values()),
    )


def _within(organisations: Mapping[frozenset[str], int], segment: str) -> int:
    return sum(number for names, number in organisations.items() if segment in names)


def _sample(counted: Headcount, variants: Mapping[Kind, VariantKey]) -> Sequence[Recipient]:
    firsts = [one.recipient for one in one_of_each(counted, variants)]
    taken = {one.contact_id for one in firsts}
    return [*firsts, *(one for one in counted.sample if one.contact_id not in taken)][:SAMPLE]


def _shown(recipient: Recipient) -> Mapping[str, str | int]:
    return {
        "contact_id": recipient.contact_id,
        "organisation": organisation_words(tuple(recipient.organisations.values())),
        "contact": recipient.contact,
        "address": recipient.address,
        "segments": ", ".join(sorted(recipient.segments)),
    }
