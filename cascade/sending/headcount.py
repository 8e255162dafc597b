"""How many a release reaches and whom it leaves out: small enough to be kept for a while."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from sqlalchemy.orm import Session

from cascade.sending import tiers
from cascade.sending.once import NOTHING_NEW
from cascade.sending.resolve import (
    EVERY_TIER,
    UNSUBSCRIBABLE,
    Audience,
    Recipient,
    Roll,
    named,
    resolve,
)
from cascade.sending.states import Policy, Tier

SAMPLE = 5
"""Recipients that are shown as examples."""
_MOST = 50
"""Kinds of recipient, of which one each is kept as an example."""

Kind = tuple[frozenset[str], str, frozenset[str]]
"""Of recipients that get the same: their segments, their language, what they had before."""


@dataclass(frozen=True, slots=True)
class Headcount:
    """An audience, counted."""

    organisations: Mapping[frozenset[str], int]
    """By the segments they are in; also those with nobody to write to."""
    recipients: Mapping[Kind, int]
    """By their segments, their language, and the items that they had before."""
    left_out: Mapping[str, Roll]
    """Contacts (organisations, where there is no contact at all), by the obstacle."""
    overlapping: Roll
    """Recipients in several of the segments."""
    sample: tuple[Recipient, ...]
    """One of each kind, the largest first, and then the first ones of all."""
    unreached: Mapping[frozenset[str], int] = field(default_factory=dict)
    """Of `organisations`, those of which nobody gets anything; counted for a last look only."""

    @property
    def suppressed(self) -> dict[str, int]:
        """How many are left out, by the obstacle."""
        return {why: len(roll) for why, roll in self.left_out.items()}


def headcount(session: Session, segments: Sequence[str], tier: Tier) -> Headcount:
    """Count exactly whom a release would reach; raises NotFound for an unknown segment."""
    policy = tiers.policy(session, tier)
    return looked_at(resolve(session, named(session, segments), holding=holding(policy)))


def holding(policy: Policy) -> frozenset[str]:
    """The reasons of suppression that count in a tier."""
    return UNSUBSCRIBABLE if policy.can_unsubscribe else EVERY_TIER


def looked_at(audience: Audience) -> Headcount:
    """The headcount for a last look, which knows the unreached: a release need not wait for it."""
    organisations = audience.organisations
    rolls = audience.left_out
    left = {one for roll in rolls.values() for one in roll.organisations}
    if NOTHING_NEW in rolls:  # such a roll names the first organisation of a mailbox only
        left = set(organisations)
    if left:
        for recipient in audience.recipients:
            left.difference_update(recipient.organisations)
    unreached = Counter(organisations[one] for one in left if one in organisations)
    return replace(counted(audience), unreached=unreached)


def counted(audience: Audience) -> Headcount:
    """The headcount of an audience."""
    overlapping = Roll()
    for one in audience.recipients:
        if len(one.segments) > 1:
            overlapping.add(next(iter(one.organisations)), one.contact_id, one.segments)
    kinds = Counter(map(kind, audience.recipients))
    return Headcount(
        organisations=Counter(audience.organisations.values()),
        recipients=kinds,
        left_out=dict(audience.left_out),
        overlapping=overlapping,
        sample=_sample(audience.recipients, kinds),
    )


def kind(one: Recipient) -> Kind:
    """What tells a recipient from those who get something else."""
    return one.segments, one.language, one.omits


def _sample(recipients: Sequence[Recipient], kinds: Counter[Kind]) -> tuple[Recipient, ...]:
    wanted = dict.fromkeys(which for which, _ in kinds.most_common(_MOST))
    found: dict[Kind, Recipient] = {}
    for one in recipients:
        if (which := kind(one)) in wanted and which not in found:
            found[which] = one
            if len(found) == len(wanted):
                break
    firsts = [found[which] for which in wanted]
    taken = {one.contact_id for one in firsts}
    rest = (one for one in recipients[: SAMPLE + len(firsts)] if one.contact_id not in taken)
    return (*firsts, *islice(rest, SAMPLE))
