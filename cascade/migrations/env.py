"""Alembic's entry: runs the migrations on the connection that `upgrade` hands over."""

from alembic import context

from cascade.database import Base
from cascade.migrations.tables import EVERY_RECORD, in_records

assert EVERY_RECORD, "importing the records is what puts their tables into the metadata"

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_object=in_records,
    render_as_batch=True,
    user_module_prefix="database.",
)
with context.begin_transaction():
    context.run_migrations()
