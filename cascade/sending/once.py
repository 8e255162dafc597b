"""An item appears once per reader, whichever bulletins bring it: who had which is looked up here.

All of it from the deliveries there are, in three questions however many readers.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

import toolkits
from cascade.audience.records import Contact
from cascade.database import among
from cascade.library.records import BULLETIN, Toolkit, ToolkitVersion
from cascade.sending.facts import omitted, segment_names
from cascade.sending.records import Cascade, Delivery, DeliveryOrganisation, IssueItem, Variant
from cascade.sending.resolve import Audience, Recipient, Roll
from cascade.sending.states import DeliveryState

NOTHING_NEW = "nothing-new"
"""Why somebody is left out: an issue has no item for them, or none that they had not before."""
_NEVER_CAME = (
    DeliveryState.BOUNCED,
    DeliveryState.FAILED,
    DeliveryState.SUPPRESSED,
    DeliveryState.WITHDRAWN,
    DeliveryState.EXPIRED,
)


def turn(toolkit: Toolkit) -> ColumnElement[bool]:
    """The rows that a release holds: all bulletins of each other, as they may share items."""
    return Toolkit.kind == BULLETIN if toolkit.kind == BULLETIN else Toolkit.id == toolkit.id


def version_for(
    language: str, versions: Mapping[str, ToolkitVersion], own: ToolkitVersion
) -> ToolkitVersion:
    """The reader's language, else the same without its region, else the toolkit's own."""
    return versions.get(language) or versions.get(language.partition("-")[0]) or own


def leave_out(
    session: Session, versions: Mapping[str, ToolkitVersion], language: str, audience: Audience
) -> None:
    """Note of each recipient what they had before; who would get nothing new is left out.

    `language`: of the bulletin, for who has none that it is written in.
    """
    items = _items(session, versions.values())
    had = _had(session, frozenset().union(*items.values()))
    documents = {one.id: toolkits.parse(one.text) for one in versions.values()}
    known: dict[tuple[frozenset[str], int, frozenset[str]], bool] = {}
    staying: list[Recipient] = []
    for one in audience.recipients:
        version = version_for(one.language, versions, versions[language]).id
        one.omits = had.get(one.address.casefold(), frozenset()) & items[version]
        key = (one.segments, version, one.omits)
        if key not in known:
            known[key] = bool(toolkits.select(documents[version], one.segments, without=one.omits))
        if known[key]:
            staying.append(one)
        else:
            roll: Roll = audience.left_out[NOTHING_NEW]
            roll.add(next(iter(one.organisations)), one.contact_id, one.segments)
    audience.recipients = staying


def had_by(
    session: Session, versions: Mapping[str, ToolkitVersion], language: str, one: Recipient
) -> frozenset[str]:
    """The same of one reader: which items of their version they had before."""
    version = version_for(one.language, versions, versions[language]).id
    items = _items(session, versions.values())[version]
    return _had(session, items, one.address)[one.address.casefold()]


def _items(session: Session, versions: Iterable[ToolkitVersion]) -> dict[int, frozenset[str]]:
    numbers = [one.id for one in versions]
    found: dict[int, set[str]] = {number: set() for number in numbers}
    rows = session.execute(
        select(IssueItem.version_id, IssueItem.item).where(IssueItem.version_id.in_(numbers))
    )
    for version, item in rows:
        found[version].add(item)
    return {number: frozenset(names) for number, names in found.items()}


def _had(
    session: Session, items: frozenset[str], only: str = ""
) -> defaultdict[str, frozenset[str]]:
    """Which of these items went to which address before, or is on its way there.

    `only`: to look at that address alone.
    """
    seen = _seen(session, items) if items else {}
    found: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    query = select(Delivery.address, Delivery.variant_id).where(
        among(session, Delivery.variant_id, sorted(seen)), Delivery.state.not_in(_NEVER_CAME)
    )
    if only:
        mine = func.lower(Delivery.address) == only.lower()
        query = query.where(Delivery.id.in_(_of_mailbox(only)), mine)
    for address, variant in session.connection().execute(query):
        found[address.casefold()] |= seen[variant]
    return found


def _of_mailbox(address: str) -> Select[int]:
    """The deliveries of all organisations that read this mailbox."""
    readers = select(Contact.organisation_id).where(Contact.email == address)
    return select(DeliveryOrganisation.delivery_id).where(
        DeliveryOrganisation.organisation_id.in_(readers)
    )


def _seen(session: Session, items: frozenset[str]) -> dict[int, frozenset[str]]:
    """The earlier variants that show any of these items, and which; drills show nobody anything."""
    holding = select(IssueItem.version_id).where(IssueItem.item.in_(items))
    rows = session.execute(
        select(Variant, ToolkitVersion.text)
        .join(Cascade, Cascade.id == Variant.cascade_id)
        .join(ToolkitVersion, ToolkitVersion.id == Variant.version_id)
        .where(Variant.version_id.in_(holding), ~Cascade.exercise)
    ).all()
    documents = {variant.version_id: toolkits.parse(text) for variant, text in rows}
    shown = ((one, _shown(documents[one.version_id], one, items)) for one, _ in rows)
    return {one.id: names for one, names in shown if names}


def _shown(document: toolkits.Document, variant: Variant, items: frozenset[str]) -> frozenset[str]:
    names: Sequence[str] = toolkits.items(
        document, segment_names(variant), without=omitted(variant)
    )
    return items.intersection(names)
