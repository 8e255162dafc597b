"""Small pictures for lists, and where files are used."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ADDRESS = re.compile(r"/a/([0-9a-f]{64})/")


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("assets", sa.Column("thumbnail", sa.LargeBinary(), nullable=True))
    for table, column, text in (
        ("draft_assets", "draft_id", "drafts"),
        ("version_assets", "version_id", "toolkit_versions"),
    ):
        op.create_table(
            table,
            sa.Column("asset_id", _ID, nullable=False),
            sa.Column(column, _ID, nullable=False),
            sa.ForeignKeyConstraint(
                ["asset_id"], ["assets.id"], name=op.f(f"fk_{table}_asset_id_assets")
            ),
            sa.ForeignKeyConstraint(
                [column], [f"{text}.id"], name=op.f(f"fk_{table}_{column}_{text}")
            ),
            sa.PrimaryKeyConstraint("asset_id", column, name=op.f(f"pk_{table}")),
        )
        _fill(table, column, text)
    op.create_index(op.f("ix_draft_assets_draft_id"), "draft_assets", ["draft_id"])


def _fill(table: str, column: str, texts: str) -> None:
    """Write down what the texts that are there use."""
    connection = op.get_bind()
    assets = sa.table("assets", sa.column("id"), sa.column("sha256"))
    known = {row.sha256: row.id for row in connection.execute(sa.select(assets))}
    if not known:
        return
    read = sa.table(texts, sa.column("id"), sa.column("text"))
    uses = sa.table(table, sa.column("asset_id"), sa.column(column))
    for number, text in connection.execute(sa.select(read).order_by(read.c.id)).all():
        for sha256 in known.keys() & set(_ADDRESS.findall(text)):
            connection.execute(uses.insert().values({"asset_id": known[sha256], column: number}))


def downgrade() -> None:
    """Take the tables back."""
    op.drop_table("version_assets")
    op.drop_index(op.f("ix_draft_assets_draft_id"), table_name="draft_assets")
    op.drop_table("draft_assets")
    op.drop_column("assets", "thumbnail")
