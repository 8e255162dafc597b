"""“Did you mean …”: the words that somebody may have meant, where what they typed finds nothing.

Words of drafts and of private texts are among those that are known. So each is tried first, and
only one that finds something which stands in the library is ever said.
"""

from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade.library.index_words import LONGEST, SHORTEST, fold, forms
from cascade.library.records import ShelfForm

_MOST_TRIED = 8
"""Candidates for one word that are looked for."""
_MOST_KNOWN = 200

Finds = Callable[[Sequence[str]], int]
"""How many texts of the library have all of the words."""


def suggestion(session: Session, asked: Sequence[str], finds: Finds) -> str:
    """The words with slips mended so that they find something; empty where nothing does."""
    mended = tuple(_mended(session, word, finds) for word in asked)
    return " ".join(mended) if mended != tuple(asked) and finds(mended) else ""


def _mended(session: Session, word: str, finds: Finds) -> str:
    folded = fold(word)
    if not SHORTEST <= len(folded) <= LONGEST or finds([word]):
        return word
    tried = ((alike, finds([one]), one) for alike, one in _near(session, folded))
    return max((one for one in tried if one[1]), default=(0, 0, word))[2]


def _near(session: Session, word: str) -> Iterable[tuple[float, str]]:
    """Known words that differ by a slip, with how alike they are, the most alike first."""
    query = select(ShelfForm.word).where(ShelfForm.form.in_(sorted(forms(word)))).distinct()
    known = session.scalars(query.limit(_MOST_KNOWN)).all()
    alike = ((SequenceMatcher(None, word, one).ratio(), one) for one in known)
    return sorted(alike, key=lambda one: (-one[0], one[1]))[:_MOST_TRIED]
