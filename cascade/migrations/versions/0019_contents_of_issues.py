"""Whether the issues of a bulletin begin with a list of what is in them."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("bulletins", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("contents", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    with op.batch_alter_table("bulletins", schema=None) as batch_op:
        batch_op.alter_column("contents", server_default=None)


def downgrade() -> None:
    """Take the tables back."""
    with op.batch_alter_table("bulletins", schema=None) as batch_op:
        batch_op.drop_column("contents")
