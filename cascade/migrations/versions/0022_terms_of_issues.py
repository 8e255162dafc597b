"""To whom an issue goes and what its mail wears: fixed when it is submitted, with its text."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward; what waits for its time goes where its bulletin goes now."""
    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.add_column(sa.Column("terms", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.alter_column("terms", server_default=None)
    issues = sa.table(
        "issues",
        sa.column("id"),
        sa.column("bulletin_id"),
        sa.column("state"),
        sa.column("terms", sa.JSON()),
    )
    bulletins = sa.table(
        "bulletins",
        sa.column("id"),
        sa.column("segments", sa.JSON()),
        sa.column("sender_name"),
        sa.column("reply_to"),
    )
    connection = op.get_bind()
    waiting = (
        sa.select(issues.c.id, bulletins.c.segments, bulletins.c.sender_name, bulletins.c.reply_to)
        .join(bulletins, bulletins.c.id == issues.c.bulletin_id)
        .where(issues.c.state == "submitted")
    )
    for row in connection.execute(waiting).all():
        worn = {"sender_name": row.sender_name, "reply_to": row.reply_to}
        look = {name: value for name, value in worn.items() if value}
        terms = {"segments": row.segments, "look": look}
        connection.execute(issues.update().where(issues.c.id == row.id).values(terms=terms))


def downgrade() -> None:
    """Take the tables back."""
    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.drop_column("terms")
