"""Every table there is: importing the records is what puts them into the metadata."""

from sqlalchemy.schema import SchemaItem

from cascade import adjustments
from cascade.accounts import records as accounts
from cascade.audience import records as audience
from cascade.bulletins import records as bulletins
from cascade.evidence import records as evidence
from cascade.inserts import records as inserts
from cascade.letters import records as letters
from cascade.library import records as library
from cascade.look import records as look
from cascade.reposts import records as reposts
from cascade.sending import records as sending
from cascade.sign_off import records as sign_off

EVERY_RECORD = (
    *(accounts, adjustments, audience, evidence, letters, library, look, sending, sign_off),
    *(bulletins, inserts, reposts),
)


def in_records(item: SchemaItem, name: str | None, *rest: object) -> bool:
    """Whether something in the database is described by the records, as Alembic asks it.

    The tables of the engine's text search aren't: `cascade.library.search_index` makes them.
    """
    table = getattr(item, "table", item)
    return not str(getattr(table, "name", name)).startswith("shelf_search")
