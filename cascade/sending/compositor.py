"""Compiled variants, kept while they are in use."""

from collections import OrderedDict
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade.identity import Identity
from cascade.inserts.expanding import of_cascade
from cascade.library.records import ToolkitVersion
from cascade.links import Links
from cascade.look.wearing import worn
from cascade.sending.compose import CompiledVariant, compile_variant
from cascade.sending.facts import cascade_facts, omitted, segment_names, segment_titles
from cascade.sending.records import Cascade, Variant


class Compositor:
    """Compiles each variant once and keeps the `size` that were used last; for any threads."""

    def __init__(self, links: Links, identity: Identity, *, size: int = 64) -> None:
        self._links = links
        self._identity = identity
        self._size = size
        self._kept: OrderedDict[int, CompiledVariant] = OrderedDict()
        # Held while compiling: threads that want the same variant wait for one to make it. The CSS
        # parser has a lock of its own (layout.py), which also keeps previews on pages apart.
        self._lock = Lock()

    def variant(self, session: Session, variant_id: int) -> CompiledVariant:
        """The variant, ready to fill; it holds nothing of the session."""
        with self._lock:
            if variant_id not in self._kept:
                self._kept[variant_id] = self._compiled(session, variant_id)
            self._kept.move_to_end(variant_id)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
            return self._kept[variant_id]

    def _compiled(self, session: Session, variant_id: int) -> CompiledVariant:
        variant, cascade, text = session.execute(
            select(Variant, Cascade, ToolkitVersion.text)
            .join(Cascade, Cascade.id == Variant.cascade_id)
            .join(ToolkitVersion, ToolkitVersion.id == Variant.version_id)
            .where(Variant.id == variant_id)
        ).one()
        segments = segment_names(variant)
        return compile_variant(
            text,
            facts=cascade_facts(cascade),
            segments=segments,
            links=self._links,
            identity=worn(self._identity, cascade.look, self._links.base_url),
            titles=segment_titles(session, cascade, segments),
            without=omitted(variant),
            tables=of_cascade(session, cascade.id, text),
        )
