"""The cell that signs things off."""

from datetime import datetime

import pytest

from cascade.database import Database
from tests.cascade.sign_off.cell import Cell, found


@pytest.fixture
def cell(database: Database, now: datetime) -> Cell:
    """Two authors, two approvers, one text that nobody has submitted."""
    return found(database, now)
