"""The proof that a form came from our page."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cascade.links import Links
from cascade.web.stamps import VALID_HOURS, Stamper
from tests.cascade.web.scene import SECRET

LINKS = Links(SECRET, "http://127.0.0.1:8000")
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
DELIVERIES = st.integers(1, 2**35)


@given(DELIVERIES, MOMENTS, st.integers(0, VALID_HOURS))
def test_a_stamp_is_good_for_two_days(delivery: int, now: datetime, hours: int) -> None:
    stamp = Stamper(LINKS, delivery, now - timedelta(hours=hours)).stamp()

    assert Stamper(LINKS, delivery, now).is_valid(stamp)


@given(DELIVERIES, MOMENTS, st.integers(VALID_HOURS + 1, 24 * 365))
def test_an_older_stamp_is_not(delivery: int, now: datetime, hours: int) -> None:
    stamp = Stamper(LINKS, delivery, now - timedelta(hours=hours)).stamp()

    assert not Stamper(LINKS, delivery, now).is_valid(stamp)


@given(DELIVERIES, DELIVERIES)
def test_a_stamp_is_of_one_delivery(delivery: int, other: int) -> None:
    stamp = Stamper(LINKS, delivery, NOW).stamp()

    assert Stamper(LINKS, other, NOW).is_valid(stamp) == (delivery == other)


@given(st.text())
def test_other_words_are_no_stamp(text: str) -> None:
    assert not Stamper(LINKS, 1, NOW).is_valid(text)


def test_a_stamp_of_tomorrow_is_none() -> None:
    stamp = Stamper(LINKS, 1, NOW + timedelta(days=1)).stamp()

    assert not Stamper(LINKS, 1, NOW).is_valid(stamp)
