"""Tables that are kept as data, and which revision of them a cascade shows."""

import sqlalchemy as sa
from alembic import op

from cascade import database

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "insert_uploads",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by", sa.String(length=320), nullable=False),
        sa.Column("until", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("file", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insert_uploads")),
    )
    op.create_table(
        "inserts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=320), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inserts")),
        sa.UniqueConstraint("name", name=op.f("uq_inserts_name")),
    )
    op.create_table(
        "insert_revisions",
        sa.Column(
            "insert_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("said", sa.String(length=300), nullable=False),
        sa.Column("at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=320), nullable=False),
        sa.ForeignKeyConstraint(
            ["insert_id"], ["inserts.id"], name=op.f("fk_insert_revisions_insert_id")
        ),
        sa.PrimaryKeyConstraint("insert_id", "revision", name=op.f("pk_insert_revisions")),
    )
    op.create_table(
        "insert_rows",
        sa.Column(
            "insert_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["insert_id"], ["inserts.id"], name=op.f("fk_insert_rows_insert_id")
        ),
        sa.PrimaryKeyConstraint("insert_id", "number", "since", name=op.f("pk_insert_rows")),
    )
    with op.batch_alter_table("insert_rows", schema=None) as batch_op:
        batch_op.create_index(
            "ix_insert_rows_until", ["insert_id", "until", "number"], unique=False
        )

    op.create_table(
        "cascade_inserts",
        sa.Column(
            "cascade_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "insert_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cascade_id"], ["cascades.id"], name=op.f("fk_cascade_inserts_cascade_id")
        ),
        sa.ForeignKeyConstraint(
            ["insert_id"], ["inserts.id"], name=op.f("fk_cascade_inserts_insert_id")
        ),
        sa.PrimaryKeyConstraint("cascade_id", "insert_id", name=op.f("pk_cascade_inserts")),
    )
    with op.batch_alter_table("cascade_inserts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_cascade_inserts_insert_id"), ["insert_id"], unique=False
        )


def downgrade() -> None:
    """Take the tables back."""
    with op.batch_alter_table("cascade_inserts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cascade_inserts_insert_id"))

    op.drop_table("cascade_inserts")
    with op.batch_alter_table("insert_rows", schema=None) as batch_op:
        batch_op.drop_index("ix_insert_rows_until")

    op.drop_table("insert_rows")
    op.drop_table("insert_revisions")
    op.drop_table("inserts")
    op.drop_table("insert_uploads")
