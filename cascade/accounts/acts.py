"""What people do that the audit trail keeps: the word that is kept, and how a page says it."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Self


class Act(StrEnum):
    """An act with its words; a new one has both from the start."""

    words: str

    def __new__(cls, kept: str, words: str) -> Self:
        act = str.__new__(cls, kept)
        act._value_ = kept
        act.words = words
        return act

    SIGNED_IN = "signed-in", "Signed in"
    SIGN_IN_FAILED = "sign-in-failed", "Sign-in failed"
    CODE_FAILED = "code-failed", "Code at sign-in was wrong"
    SIGNED_OUT = "signed-out", "Signed out"
    LINK_PRINTED = "link-printed", "Sign-in link printed"
    PASSWORD_CHOSEN = "password-chosen", "Password chosen"
    SECOND_STEP_ON = "second-step-on", "Second step turned on"
    SECOND_STEP_OFF = "second-step-off", "Second step turned off"
    NEW_RECOVERY_CODES = "new-recovery-codes", "New recovery codes made"
    PROVIDER_LINKED = "provider-linked", "Account linked with the provider of sign-in"
    PROVIDER_UNLINKED = "provider-unlinked", "Link with the provider of sign-in ended"
    VISIT_ENDED = "visit-ended", "Visit of a browser ended"
    VISITS_ENDED = "visits-ended", "All other visits ended"

    INVITED = "invited", "User invited"
    USER_ADDED = "user-added", "User added"
    USER_CHANGED = "user-changed", "User changed"
    USER_CLOSED = "user-closed", "Account closed"
    USER_REOPENED = "user-reopened", "Account opened again"
    APPROVER_NAMED = "approver-named", "Approver named"
    APPROVER_REMOVED = "approver-removed", "Approver removed"

    DRAFT_BEGUN = "draft-begun", "Draft begun"
    DRAFT_KEPT = "draft-kept", "Draft saved"
    DRAFT_TEXT_TAKEN = "draft-text-taken", "Earlier text of a draft taken again"
    DRAFT_CLOSED = "draft-closed", "Draft given up"
    DRAFT_TAKEN_UP = "draft-taken-up", "Draft taken up again"
    FILE_ADDED = "file-added", "Picture or PDF added"
    FILE_REMOVED = "file-removed", "Picture or PDF removed"
    INSERT_ADDED = "insert-added", "Insert added"
    INSERT_CHANGED = "insert-changed", "Insert changed by a file"
    INSERT_ROW_CHANGED = "insert-row-changed", "Row of an insert changed"
    INSERT_TAKEN_AGAIN = "insert-taken-again", "Former revision of an insert taken up again"
    PUBLISHED = "published", "Toolkit published"
    SUBMITTED = "submitted", "Toolkit submitted for approval"
    APPROVED = "approved", "Toolkit approved"
    RETURNED = "returned", "Toolkit returned"

    TEST_SENT = "test-sent", "Test sent to oneself"
    RELEASED = "released", "Cascade released"
    COUNTERSIGNED = "countersigned", "Cascade countersigned"
    CASCADE_PAUSED = "cascade-paused", "Cascade paused"
    CASCADE_RESUMED = "cascade-resumed", "Cascade resumed"
    CASCADE_WITHDRAWN = "cascade-withdrawn", "Cascade withdrawn"

    IMPORTED = "imported", "File imported"
    ORGANISATION_ADDED = "organisation-added", "Organisation added"
    ORGANISATION_CHANGED = "organisation-changed", "Organisation changed"
    ORGANISATION_CLOSED = "organisation-closed", "Organisation closed"
    ORGANISATION_REOPENED = "organisation-reopened", "Organisation opened again"
    ORGANISATIONS_MERGED = "organisations-merged", "Two organisations made into one"
    CONTACT_ADDED = "contact-added", "Contact added"
    CONTACT_CHANGED = "contact-changed", "Contact changed"
    CONTACT_CLOSED = "contact-closed", "Contact closed"
    CONTACT_REOPENED = "contact-reopened", "Contact opened again"
    DEPUTIES_ORDERED = "deputies-ordered", "Deputies put in order"
    SEGMENT_ADDED = "segment-added", "Segment added"
    SEGMENT_CHANGED = "segment-changed", "Segment changed"
    SEGMENT_REMOVED = "segment-removed", "Segment removed"
    ADDRESS_SUPPRESSED = "address-suppressed", "Address put on the suppression list"
    SUPPRESSION_LIFTED = "suppression-lifted", "Address taken off the suppression list"

    REPOST_ADDED = "repost-added", "Use of a toolkit written down"
    REPOST_CHECKED = "repost-checked", "Page of a use looked at again"
    REPOST_WITHDRAWN = "repost-withdrawn", "Use of a toolkit withdrawn"
    TARGET_SET = "target-set", "Target for the use of a toolkit set"

    BULLETIN_ADDED = "bulletin-added", "Bulletin added"
    BULLETIN_CHANGED = "bulletin-changed", "Bulletin changed"
    BULLETIN_STOPPED = "bulletin-stopped", "Bulletin stopped"
    BULLETIN_GOES_ON = "bulletin-goes-on", "Bulletin goes on"
    ISSUE_OPENED = "issue-opened", "Issue of a bulletin opened"
    ISSUE_CHANGED = "issue-changed", "Issue of a bulletin changed"
    ISSUE_ARRANGED = "issue-arranged", "Items of an issue arranged"
    ISSUE_COLLECTED = "issue-collected", "Items of an issue collected"
    ITEM_TAKEN_IN = "item-taken-in", "Item taken into an issue"
    ITEM_CHANGED = "item-changed", "Item of an issue changed"
    ISSUE_SUBMITTED = "issue-submitted", "Issue submitted for approval"
    ISSUE_TAKEN_BACK = "issue-taken-back", "Issue taken back"
    ISSUE_SKIPPED = "issue-skipped", "Issue left out"
    ISSUE_APPROVED = "issue-approved", "Issue approved"
    ISSUE_RELEASED = "issue-released", "Issue released"
    SUBSCRIBER_ADDED = "subscriber-added", "Subscriber added"

    TIER_CHANGED = "tier-changed", "Times of a tier changed"
    SEND_WINDOWS_CHANGED = "send-windows-changed", "Send windows changed"
    LOOK_CHANGED = "look-changed", "Sender and look changed"


WORDS: Mapping[str, str] = MappingProxyType({act.value: act.words for act in Act})
"""How a page says each act, by what is kept."""


def said(kept: str) -> str:
    """How a page says what is kept of an act; one of an earlier release by its own word."""
    return WORDS.get(kept) or kept.replace("-", " ").capitalize()


def meant(words: str) -> tuple[str, ...]:
    """The acts whose words hold these."""
    wanted = words.casefold()
    return tuple(kept for kept, known in WORDS.items() if wanted in known.casefold())
