"""Which entry of the menu a page belongs to."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import request

_HOLDS = {
    "cascades.home": ("cascades", "watch", "watch_controls", "countersigning"),
    "toolkits.listing": (
        *("toolkits", "drafts", "histories", "assets"),
        *("versions", "releasing", "left_out", "samples"),
        *("inserts", "insert_changes", "insert_uploads"),
    ),
    "organisations.listing": (
        *("organisations", "organisation_changes", "contacts", "merging", "importing"),
        *("suppressions", "suppression_changes"),
    ),
    "segments.listing": ("segments", "segment_members", "segment_making", "segment_changes"),
    "settings.show": (
        *("settings", "users", "roles", "approvers", "tiers", "windows", "look"),
        *("audit", "health_page"),
    ),
    "inbox.listing": ("inbox",),
    "reposts.listing": ("reposts", "repost_changes", "repost_figures"),
    "bulletins.listing": ("bulletins", "issues", "issue_items", "issue_release", "issue_samples"),
}
_SECTIONS: Mapping[str, str] = MappingProxyType(
    {part: endpoint for endpoint, parts in _HOLDS.items() for part in parts}
)


def section() -> str:
    """The endpoint of the entry that this page is below; empty where it is below none."""
    if request.endpoint == "versions.waiting":
        return ""
    return _SECTIONS.get(request.blueprint or "", "")
