"""A provider that says whatever a test wants."""

from collections.abc import Iterator

import pytest

from tests.cascade.openid.issuer import Issuer, serving


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """One on loopback."""
    with serving() as opened:
        yield opened
