"""Alembic's entry: runs the migrations on the connection that `upgrade` hands over."""

from alembic import context

from cascade.audience import records as audience_records
from cascade.database import Base
from cascade.evidence import records as evidence_records
from cascade.library import records as library_records
from cascade.sending import records as sending_records

# Importing them is what puts their tables into the metadata.
ALL_RECORDS = (audience_records, evidence_records, library_records, sending_records)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    user_module_prefix="database.",
)
with context.begin_transaction():
    context.run_migrations()
