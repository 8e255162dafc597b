"""The closed lists of reposts, and each entry in words."""

from collections.abc import Mapping
from types import MappingProxyType

SEEN, REPORTED, UNVERIFIED = "seen", "reported", "unverified"

GRADES: Mapping[str, str] = MappingProxyType(
    {SEEN: "Seen by us", REPORTED: "Reported", UNVERIFIED: "Unverified"}
)
"""From the best to the weakest."""

GRADE_MEANING: Mapping[str, str] = MappingProxyType(
    {
        SEEN: "the page that they named holds words of the toolkit, or a link to it",
        REPORTED: "a group told us, by its name or an address of it that we have",
        UNVERIFIED: "nobody gave a name, or the page that they named shows nothing of it",
    }
)

WAYS: Mapping[str, str] = MappingProxyType(
    {
        "link": "A web page",
        "newsletter": "A newsletter",
        "noticeboard": "A noticeboard",
        "meeting": "A meeting",
        "radio": "Radio or television",
        "social": "Social media",
        "other": "Somewhere else",
    }
)
"""Where a toolkit was used."""

CHECKED: Mapping[str, str] = MappingProxyType(
    {
        "waiting": "We are about to look",
        "seen": "We saw it there",
        "not-found": "We looked and did not find it",
        "unreachable": "We could not open the page",
        "refused": "We do not open this address",
    }
)
"""What came of a look at a link."""

TARGETS: Mapping[str, str] = MappingProxyType({"groups": "Groups", "people": "People"})
