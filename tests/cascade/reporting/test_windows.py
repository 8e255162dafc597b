"""Windows: what one page looks at, and that all of them together see each row once."""

from hypothesis import given
from hypothesis import strategies as st

from cascade.reporting.windows import MOST, Place, window

SIZES = st.lists(st.integers(1, 3 * MOST), max_size=8).map(
    lambda rows: [(3 * number + 1, count) for number, count in enumerate(rows)]
)


@given(SIZES)
def test_windows_follow_each_other_through_every_variant_once(sizes: list[tuple[int, int]]) -> None:
    left, start, seen = dict(sizes), Place(), 0
    while True:
        found = window(sizes, start)
        assert found.rows <= MOST
        taken = 0
        for variant in found.variants:
            piece = min(left[variant], MOST)
            left[variant] -= piece
            taken += piece
        assert taken <= MOST
        seen += taken
        if found.is_piece and left[found.variants[0]] > 0:
            start = Place(found.variants[0], start.after + MOST)
        elif found.following is not None:
            start = Place(found.following)
        else:
            break
    assert seen == sum(rows for _, rows in sizes)


@given(st.text() | st.text("0123456789-", max_size=30))
def test_any_text_gives_a_place(written: str) -> None:
    place = Place.read(written)
    assert Place.read(str(place)) == place


def test_a_place_is_read_as_it_was_written() -> None:
    assert Place.read(str(Place(7, 8000))) == Place(7, 8000)
    assert Place.read("7-x") == Place()


def test_where_nothing_is_left_there_is_nothing_to_look_at() -> None:
    assert window([(1, 5)], Place(2)).variants == ()
