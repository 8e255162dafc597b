"""Fixtures for accounts: a cheap hasher that counts, and people of the cell."""

import pytest
from argon2 import PasswordHasher

from cascade.accounts import passwords

PRODUCTION = passwords.hasher


class CountingHasher(PasswordHasher):
    """Argon2 with the least cost there is; says how often it was asked."""

    __slots__ = ("asked",)

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.asked = 0

    def hash(self, password, *, salt=None) -> str:
        self.asked += 1
        return super().hash(password, salt=salt)

    def verify(self, hash, password):
        self.asked += 1
        return super().verify(hash, password)


@pytest.fixture(autouse=True)
def hasher(monkeypatch: pytest.MonkeyPatch) -> CountingHasher:
    """In place of the one that is slow on purpose."""
    counting = CountingHasher()
    monkeypatch.setattr(passwords, "hasher", counting)
    return counting


@pytest.fixture
def production_hasher() -> PasswordHasher:
    """The one that was put aside."""
    return PRODUCTION
