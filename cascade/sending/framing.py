"""The words around every message: its tier, its subject, how to answer, why you get it."""

from collections.abc import Collection, Mapping

from cascade.sending.facts import CascadeFacts
from cascade.sending.moments import short_moment
from cascade.sending.states import Tier

TIER_LABELS = {
    Tier.IMMEDIATE: "IMMEDIATE",
    Tier.URGENT: "URGENT",
    Tier.IMPORTANT: "IMPORTANT",
    Tier.ROUTINE: "ROUTINE",
}

TIER_WORDS = {
    Tier.IMMEDIATE: "Immediate: please act on this now",
    Tier.URGENT: "Urgent: please act on this today",
    Tier.IMPORTANT: "Important: please act on this within a day",
    Tier.ROUTINE: "For information: no reply is needed",
}

EXERCISE = "EXERCISE"
EXERCISE_WORDS = "This is a drill: nothing has happened. Please answer it as if it were real."

REPLY_WORDS: Mapping[str, str] = {
    "RECEIVED": "we have read it",
    "ACTING": "we are acting on it",
    "PASSED ON 12": "we have passed it on to staff (put your own number)",
    "NOT FOR US": "it does not concern us",
    "CALL ME": "we cannot act on it, please call us",
}
"""What somebody whose links are blocked writes in a reply, and what it means."""


def subject(title: str, facts: CascadeFacts) -> str:
    """The subject line: `[URGENT – confirm by 14:00 Sat 21 Nov] Title`; routine news has no tag."""
    tags = [EXERCISE] if facts.exercise else []
    if facts.tier is not Tier.ROUTINE:
        tags.append(TIER_LABELS[facts.tier])
    if facts.deadline_at:
        tags.append(f"confirm by {short_moment(facts.deadline_at)}")
    return f"[{' – '.join(tags)}] {title}" if tags else title


def audience(segments: Collection[str], titles: Mapping[str, str]) -> str:
    """The segments as words in a sentence: `GP practices, care homes and universities`."""
    words = sorted(_mid_sentence(titles.get(name) or name.replace("-", " ")) for name in segments)
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _mid_sentence(title: str) -> str:
    return title if title[:2].isupper() else title[:1].lower() + title[1:]
