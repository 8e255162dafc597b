"""Bulletins and their issues; which items a variant is without."""

import sqlalchemy as sa
from alembic import op

from cascade import database

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "bulletins",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "toolkit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("segments", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("sender_name", sa.String(length=80), nullable=False),
        sa.Column("reply_to", sa.String(length=320), nullable=False),
        sa.Column("schedule", sa.JSON(), nullable=False),
        sa.Column("headings", sa.Boolean(), nullable=False),
        sa.Column("cut_off_hours", sa.Integer(), nullable=False),
        sa.Column("opens_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=320), nullable=False),
        sa.Column("stopped_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["toolkit_id"], ["toolkits.id"], name=op.f("fk_bulletins_toolkit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletins")),
        sa.UniqueConstraint("name", name=op.f("uq_bulletins_name")),
        sa.UniqueConstraint("toolkit_id", name=op.f("uq_bulletins_toolkit_id")),
    )
    op.create_table(
        "item_answers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("at", database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_item_answers_delivery_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_answers")),
    )
    with op.batch_alter_table("item_answers", schema=None) as batch_op:
        batch_op.create_index("ix_item_answers_delivery_id", ["delivery_id", "item"], unique=False)

    op.create_table(
        "issue_items",
        sa.Column(
            "version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column(
            "item_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_version_id"],
            ["toolkit_versions.id"],
            name=op.f("fk_issue_items_item_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["toolkit_versions.id"], name=op.f("fk_issue_items_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "item", name=op.f("pk_issue_items")),
    )
    with op.batch_alter_table("issue_items", schema=None) as batch_op:
        batch_op.create_index("ix_issue_items_item", ["item", "version_id"], unique=False)

    op.create_table(
        "subscriptions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "bulletin_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("asked_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bulletins.id"], name=op.f("fk_subscriptions_bulletin_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint(
            "bulletin_id", "email", name=op.f("uq_subscriptions_bulletin_id_email")
        ),
    )
    op.create_table(
        "version_bulletins",
        sa.Column(
            "version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("bulletin", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["toolkit_versions.id"], name=op.f("fk_version_bulletins_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "bulletin", name=op.f("pk_version_bulletins")),
    )
    with op.batch_alter_table("version_bulletins", schema=None) as batch_op:
        batch_op.create_index(
            "ix_version_bulletins_bulletin", ["bulletin", "version_id"], unique=False
        )

    op.create_table(
        "issues",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "bulletin_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("send_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("cut_off_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("opened_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("collected_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=320), nullable=False),
        sa.Column("versions", sa.JSON(), nullable=False),
        sa.Column(
            "cascade_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("told_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("waits_for", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bulletins.id"], name=op.f("fk_issues_bulletin_id")
        ),
        sa.ForeignKeyConstraint(["cascade_id"], ["cascades.id"], name=op.f("fk_issues_cascade_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issues")),
        sa.UniqueConstraint("bulletin_id", "number", name=op.f("uq_issues_bulletin_id_number")),
    )
    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.create_index(
            "ix_issues_under_way",
            ["send_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('collecting', 'closed', 'submitted')"),
            postgresql_where=sa.text("state IN ('collecting', 'closed', 'submitted')"),
        )

    op.create_table(
        "issue_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("issue_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "toolkit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column(
            "version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("heading", sa.String(length=30), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("held", sa.String(length=5), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], name=op.f("fk_issue_entries_issue_id")
        ),
        sa.ForeignKeyConstraint(
            ["toolkit_id"], ["toolkits.id"], name=op.f("fk_issue_entries_toolkit_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["toolkit_versions.id"], name=op.f("fk_issue_entries_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_entries")),
        sa.UniqueConstraint("issue_id", "item", name=op.f("uq_issue_entries_issue_id_item")),
    )
    with op.batch_alter_table("issue_entries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_issue_entries_toolkit_id"), ["toolkit_id"], unique=False
        )

    with op.batch_alter_table("toolkits", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.String(length=10), nullable=False, server_default="toolkit")
        )
    with op.batch_alter_table("toolkits", schema=None) as batch_op:
        batch_op.alter_column("kind", server_default=None)

    with op.batch_alter_table("variants", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("omits", sa.String(length=2000), nullable=False, server_default="")
        )
        batch_op.drop_constraint(
            batch_op.f("uq_variants_cascade_id_version_id_segments_channel"), type_="unique"
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_variants_cascade_id_version_id_segments_channel_omits"),
            ["cascade_id", "version_id", "segments", "channel", "omits"],
        )
    with op.batch_alter_table("variants", schema=None) as batch_op:
        batch_op.alter_column("omits", server_default=None)


def downgrade() -> None:
    """Take the tables back."""
    with op.batch_alter_table("variants", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("uq_variants_cascade_id_version_id_segments_channel_omits"), type_="unique"
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_variants_cascade_id_version_id_segments_channel"),
            ["cascade_id", "version_id", "segments", "channel"],
        )
        batch_op.drop_column("omits")

    with op.batch_alter_table("toolkits", schema=None) as batch_op:
        batch_op.drop_column("kind")

    with op.batch_alter_table("issue_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_issue_entries_toolkit_id"))

    op.drop_table("issue_entries")
    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_issues_under_way",
            sqlite_where=sa.text("state IN ('collecting', 'closed', 'submitted')"),
            postgresql_where=sa.text("state IN ('collecting', 'closed', 'submitted')"),
        )

    op.drop_table("issues")
    with op.batch_alter_table("version_bulletins", schema=None) as batch_op:
        batch_op.drop_index("ix_version_bulletins_bulletin")

    op.drop_table("version_bulletins")
    op.drop_table("subscriptions")
    with op.batch_alter_table("issue_items", schema=None) as batch_op:
        batch_op.drop_index("ix_issue_items_item")

    op.drop_table("issue_items")
    with op.batch_alter_table("item_answers", schema=None) as batch_op:
        batch_op.drop_index("ix_item_answers_delivery_id")

    op.drop_table("item_answers")
    op.drop_table("bulletins")
