"""How many organisations confirmed in each minute; who can be written to.

And indexes of the few organisations that are closed, or that can't be written to.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_UNREACHED = "NOT has_address AND closed_at IS NULL"
_REACHED = """
UPDATE organisations SET has_address = TRUE WHERE id IN (
    SELECT organisation_id FROM contacts WHERE email IS NOT NULL AND closed_at IS NULL
)
"""
_MINUTES = {
    "sqlite": "CAST(strftime('%s', confirmed_at) AS INTEGER) / 60",
    "postgresql": "CAST(floor(extract(epoch FROM confirmed_at) / 60) AS integer)",
}


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "confirmed_minutes",
        sa.Column("cascade_id", _ID, nullable=False),
        sa.Column("minute", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("confirmed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cascade_id"], ["cascades.id"], name=op.f("fk_confirmed_minutes_cascade_id_cascades")
        ),
        sa.PrimaryKeyConstraint("cascade_id", "minute", name=op.f("pk_confirmed_minutes")),
    )
    op.create_index(
        "ix_organisations_closed",
        "organisations",
        ["name", "id"],
        sqlite_where=sa.text("closed_at IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NOT NULL"),
    )
    op.add_column(
        "organisations",
        sa.Column("has_address", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.execute(_REACHED)
    op.create_index(
        "ix_organisations_unreached",
        "organisations",
        ["name", "id"],
        sqlite_where=sa.text(_UNREACHED),
        postgresql_where=sa.text(_UNREACHED),
    )
    minute = _MINUTES[op.get_bind().dialect.name]
    op.execute(
        f"INSERT INTO confirmed_minutes (cascade_id, minute, confirmed) "
        f"SELECT cascade_id, {minute}, count(*) FROM cascade_organisations "
        f"WHERE confirmed_at IS NOT NULL GROUP BY 1, 2"
    )


def downgrade() -> None:
    """Take the tables back."""
    op.drop_index("ix_organisations_unreached", table_name="organisations")
    op.drop_column("organisations", "has_address")
    op.drop_index("ix_organisations_closed", table_name="organisations")
    op.drop_table("confirmed_minutes")
