"""What the library lists and searches of each version."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session

from cascade.library.indexing import learn_everything
from cascade.library.search_index import create

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "shelf_forms",
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("form", "word", name=op.f("pk_shelf_forms")),
    )
    op.create_table(
        "shelf_entries",
        sa.Column("version_id", _ID, autoincrement=False, nullable=False),
        sa.Column("toolkit_id", _ID, nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.Date(), nullable=True),
        sa.Column("review", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["toolkit_id"], ["toolkits.id"], name=op.f("fk_shelf_entries_toolkit_id_toolkits")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["toolkit_versions.id"],
            name=op.f("fk_shelf_entries_version_id_toolkit_versions"),
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_shelf_entries")),
    )
    op.create_index(
        "ix_shelf_entries_toolkit_id", "shelf_entries", ["toolkit_id", "language", "number"]
    )
    op.create_table(
        "shelf_labels",
        sa.Column("version_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=7), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["toolkit_versions.id"],
            name=op.f("fk_shelf_labels_version_id_toolkit_versions"),
        ),
        sa.PrimaryKeyConstraint("version_id", "kind", "value", name=op.f("pk_shelf_labels")),
    )
    op.create_table(
        "shelf_texts",
        sa.Column("id", _ID, nullable=False),
        sa.Column("version_id", _ID, nullable=False),
        sa.Column("audience", sa.String(length=200), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["toolkit_versions.id"],
            name=op.f("fk_shelf_texts_version_id_toolkit_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shelf_texts")),
        sa.UniqueConstraint(
            "version_id", "audience", name=op.f("uq_shelf_texts_version_id_audience")
        ),
    )
    create(op.get_bind())
    with Session(op.get_bind()) as session:
        learn_everything(session)
        session.flush()


def downgrade() -> None:
    """Take the tables back."""
    op.drop_table("shelf_search")
    op.drop_table("shelf_texts")
    op.drop_table("shelf_labels")
    op.drop_index("ix_shelf_entries_toolkit_id", table_name="shelf_entries")
    op.drop_table("shelf_entries")
    op.drop_table("shelf_forms")
