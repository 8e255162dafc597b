"""Accounts that are linked with one at a provider of sign-in."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("users", sa.Column("issuer", sa.String(length=500), nullable=True))
    op.add_column("users", sa.Column("subject", sa.String(length=255), nullable=True))
    for table in ("users", "visits"):
        op.add_column(
            table, sa.Column("vouched", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    op.create_index("ix_users_subject", "users", ["issuer", "subject"], unique=True)


def downgrade() -> None:
    """Take the tables back."""
    op.drop_index("ix_users_subject", table_name="users")
    for table in ("visits", "users"):
        op.drop_column(table, "vouched")
    op.drop_column("users", "subject")
    op.drop_column("users", "issuer")
