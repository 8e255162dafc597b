"""Where assets are used: kept beside each text, so that no list has to read the texts."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Select, delete, exists, func, insert, select
from sqlalchemy.orm import Session

from cascade.errors import NotFound, Refused
from cascade.library.records import (
    Asset,
    Draft,
    DraftAsset,
    Toolkit,
    ToolkitVersion,
    VersionAsset,
)

_ADDRESS = re.compile(r"/a/([0-9a-f]{64})/")
_MOST = 1_000  # assets of one text


class Use(NamedTuple):
    """A draft or a version that uses an asset: its number and what it is called."""

    number: int
    words: str


class Uses(NamedTuple):
    """Where one asset is used: how many drafts and versions, and the newest of each."""

    drafts: int = 0
    draft: Use | None = None
    versions: int = 0
    version: Use | None = None


def of_draft(session: Session, number: int, text: str) -> None:
    """Write down what the text of a draft uses now."""
    named = _named(session, text)
    held = select(DraftAsset.asset_id).where(DraftAsset.draft_id == number)
    before = set(session.scalars(held))
    if gone := before - named:
        session.execute(
            delete(DraftAsset).where(DraftAsset.draft_id == number, DraftAsset.asset_id.in_(gone))
        )
    if new := named - before:
        session.execute(insert(DraftAsset), [{"asset_id": a, "draft_id": number} for a in new])


def of_version(session: Session, version: ToolkitVersion) -> None:
    """Write down what a version uses."""
    if named := _named(session, version.text):
        rows = [{"asset_id": one, "version_id": version.id} for one in named]
        session.execute(insert(VersionAsset), rows)


def uses(session: Session, assets: Sequence[int]) -> Mapping[int, Uses]:
    """Where each of some assets is used; two queries, however many there are."""
    found = {one: Uses() for one in assets}
    for asset, many, number, title in session.execute(_drafts(assets)):
        use = Use(number, title or f"draft {number}")
        found[asset] = found[asset]._replace(drafts=many, draft=use)
    for asset, many, number, name, which in session.execute(_versions(assets)):
        use = Use(number, f"{name}, version {which}")
        found[asset] = found[asset]._replace(versions=many, version=use)
    return found


def remove(session: Session, sha256: str) -> Asset:
    """Delete an asset that nothing uses; raises Refused when something does, and NotFound.

    Texts that were kept earlier, and are not what a draft says now, don't count.
    """
    # Locked, so that nobody begins to use it meanwhile.
    asset = session.scalar(select(Asset).where(Asset.sha256 == sha256).with_for_update())
    if asset is None:
        raise NotFound("There is no such picture or file.")
    in_draft = exists().where(DraftAsset.asset_id == asset.id)
    in_version = exists().where(VersionAsset.asset_id == asset.id)
    if session.scalar(select(in_draft | in_version)):
        raise Refused(
            "A toolkit uses this file. Take it out of the draft first; what was published "
            "keeps its files"
        )
    session.delete(asset)
    session.flush()
    return asset


def _drafts(assets: Sequence[int]) -> Select[int, int, int, str]:
    used = (
        select(
            DraftAsset.asset_id,
            func.count().label("many"),
            func.max(DraftAsset.draft_id).label("at"),
        )
        .where(DraftAsset.asset_id.in_(assets))
        .group_by(DraftAsset.asset_id)
        .subquery()
    )
    return select(used.c.asset_id, used.c.many, Draft.id, Draft.title).join(
        Draft, Draft.id == used.c.at
    )


def _versions(assets: Sequence[int]) -> Select[int, int, int, str, int]:
    used = (
        select(
            VersionAsset.asset_id,
            func.count().label("many"),
            func.max(VersionAsset.version_id).label("at"),
        )
        .where(VersionAsset.asset_id.in_(assets))
        .group_by(VersionAsset.asset_id)
        .subquery()
    )
    return (
        select(used.c.asset_id, used.c.many, ToolkitVersion.id, Toolkit.name, ToolkitVersion.number)
        .join(ToolkitVersion, ToolkitVersion.id == used.c.at)
        .join(Toolkit, Toolkit.id == ToolkitVersion.toolkit_id)
    )


def _named(session: Session, text: str) -> set[int]:
    """The assets that a text names; they stay until the transaction ends."""
    hashes = list(dict.fromkeys(_ADDRESS.findall(text)))[:_MOST]
    if not hashes:
        return set()
    held = select(Asset.id).where(Asset.sha256.in_(hashes)).order_by(Asset.id)
    return set(session.scalars(held.with_for_update(read=True, key_share=True)))
