"""Who put an issue together; of those that are under way, as far as that is known."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.add_column(sa.Column("editors", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.alter_column("editors", server_default=None)
    issues = sa.table(
        "issues", sa.column("id"), sa.column("changed_by"), sa.column("editors", sa.JSON())
    )
    connection = op.get_bind()
    known = sa.select(issues.c.id, issues.c.changed_by).where(issues.c.changed_by != "clock")
    for number, by in connection.execute(known).all():
        connection.execute(issues.update().where(issues.c.id == number).values(editors=[by]))


def downgrade() -> None:
    """Take the tables back."""
    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.drop_column("editors")
