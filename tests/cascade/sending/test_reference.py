"""The short code of a message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.links import Links
from cascade.sending.reference import read_reference, reference
from tests.cascade.sending.mail import LINKS


@given(st.integers(min_value=1, max_value=2**40))
def test_a_reference_is_read_back_in_any_case(delivery: int) -> None:
    code = reference(LINKS, delivery)
    assert read_reference(LINKS, code) == delivery
    assert read_reference(LINKS, f" {code.lower()}\n") == delivery


@given(st.text(max_size=30))
def test_anything_else_is_no_reference(code: str) -> None:
    assert read_reference(LINKS, code) is None


@pytest.mark.parametrize("change", [("1F", "1E"), ("1F", "001F"), ("-", ""), ("1F", "-1F")])
def test_a_changed_reference_is_none_of_ours(change: tuple[str, str]) -> None:
    assert read_reference(LINKS, reference(LINKS, 31).replace(*change, 1)) is None


def test_a_reference_of_another_installation_is_none_of_ours() -> None:
    other = Links("another secret that is long enough for it", LINKS.base_url)
    assert read_reference(LINKS, reference(other, 31)) is None
