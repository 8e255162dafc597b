"""What the links of subscriptions name: at random, so that none is ever of another row."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_UNIQUE = "uq_subscriptions_ticket"


def upgrade() -> None:
    """Bring the tables forward; links that were sent before say that they are over."""
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ticket", sa.BigInteger(), nullable=True))
    subscriptions = sa.table("subscriptions", sa.column("id"), sa.column("ticket"))
    connection = op.get_bind()
    for (number,) in connection.execute(sa.select(subscriptions.c.id)).all():
        given = subscriptions.update().where(subscriptions.c.id == number)
        connection.execute(given.values(ticket=secrets.randbits(60)))
    # SQLite makes the table anew for this: from now on it uses no row number again.
    with op.batch_alter_table(
        "subscriptions", schema=None, table_kwargs={"sqlite_autoincrement": True}
    ) as batch_op:
        batch_op.alter_column("ticket", existing_type=sa.BigInteger(), nullable=False)
        batch_op.create_unique_constraint(batch_op.f(_UNIQUE), ["ticket"])


def downgrade() -> None:
    """Take the tables back."""
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(_UNIQUE), type_="unique")
        batch_op.drop_column("ticket")
