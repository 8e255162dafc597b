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
    found = ((finds([one]), one) for one in _near(session, folded))
    return max(((number, one) for number, one in found if number), default=(0, word))[1]


def _near(session: Session, word: str) -> Iterable[str]:
    """Known words that differ by a slip, the most alike first."""
    query = select(ShelfForm.word).where(ShelfForm.form.in_(sorted(forms(word)))).distinct()
    known = session.scalars(query.limit(_MOST_KNOWN)).all()
    alike = sorted(known, key=lambda one: (-SequenceMatcher(None, word, one).ratio(), one))
    return alike[:_MOST_TRIED]
