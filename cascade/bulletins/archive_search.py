"""Find issues by their words, in the index of the library; never by words that are not public."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from cascade.bulletins import archive, public_items
from cascade.bulletins.public_issues import Place, PublicIssue, public, words
from cascade.bulletins.records import Bulletin
from cascade.library.index_words import bare
from cascade.shelf.catalogue import Catalogue
from cascade.shelf.searching import hits

_MOST_CHECKED = 50
"""Issues with an item that is not public whose own words are compared; of more, the best."""


def search(
    session: Session, of: Catalogue, bulletin: Bulletin, asked: Sequence[str], place: Place
) -> tuple[int, ...]:
    """Numbers of issues with all of the words, best first.

    The index has all words of an issue. Where one of its items is not public, the words must stand
    in the rest of it as they were typed: else a search would tell what is in that item.
    """
    numbers = archive.numbers_by_version(session, bulletin)
    found = [one for one in hits(session, asked, of.audiences) if one.version_id in numbers]
    doubtful = public_items.hidden(session, of, [one.version_id for one in found])
    checked = [one for one in found if one.version_id in doubtful][:_MOST_CHECKED]
    texts = _texts(session, of, bulletin, [one.version_id for one in checked], numbers, place)
    sure = {
        one.version_id
        for one in checked
        if {*asked} <= {*bare(words(texts[one.version_id], one.audience)).split()}
    }
    kept = (
        one.version_id for one in found if one.version_id not in doubtful or one.version_id in sure
    )
    return tuple(dict.fromkeys(numbers[one] for one in kept))


def _texts(
    session: Session,
    of: Catalogue,
    bulletin: Bulletin,
    versions: Sequence[int],
    numbers: Mapping[int, int],
    place: Place,
) -> Mapping[int, PublicIssue]:
    outs = {
        one.number: one
        for one in archive.some(session, bulletin, [numbers[one] for one in versions])
    }
    chosen = [(outs[numbers[version]], version) for version in versions]
    found = public(session, of, bulletin, chosen, place)
    return {one.shown.version_id: one for one in found}
