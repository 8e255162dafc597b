"""Segments that the public library shows."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("segments", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("public", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.execute("UPDATE segments SET public = true WHERE name = 'voluntary-sector'")
    with op.batch_alter_table("segments", schema=None) as batch_op:
        batch_op.alter_column("public", server_default=None)


def downgrade() -> None:
    """Take the tables back."""
    with op.batch_alter_table("segments", schema=None) as batch_op:
        batch_op.drop_column("public")
