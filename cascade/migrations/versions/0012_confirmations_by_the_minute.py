"""How many organisations confirmed in each minute."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
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
    minute = _MINUTES[op.get_bind().dialect.name]
    op.execute(
        f"INSERT INTO confirmed_minutes (cascade_id, minute, confirmed) "
        f"SELECT cascade_id, {minute}, count(*) FROM cascade_organisations "
        f"WHERE confirmed_at IS NOT NULL GROUP BY 1, 2"
    )


def downgrade() -> None:
    """Take the tables back."""
    op.drop_table("confirmed_minutes")
