"""What each process does that shows signs of life: the listener for inbound mail shows them too."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("worker_beats", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("task", sa.String(length=20), nullable=False, server_default="sending")
        )
    with op.batch_alter_table("worker_beats", schema=None) as batch_op:
        batch_op.alter_column("task", server_default=None)


def downgrade() -> None:
    """Take the tables back."""
    op.execute("DELETE FROM worker_beats WHERE task <> 'sending'")
    with op.batch_alter_table("worker_beats", schema=None) as batch_op:
        batch_op.drop_column("task")
