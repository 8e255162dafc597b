"""lists of deliveries."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ENDED = sa.text("state IN ('bounced', 'failed', 'suppressed', 'withdrawn', 'expired')")
_ANSWERED = sa.text("grade IN ('A', 'B', 'C')")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_index("ix_deliveries_listed", "deliveries", ["variant_id", "id"])
    for name, which in (("ended", _ENDED), ("answered", _ANSWERED)):
        op.create_index(
            f"ix_deliveries_{name}",
            "deliveries",
            ["variant_id", "id"],
            sqlite_where=which,
            postgresql_where=which,
        )


def downgrade() -> None:
    """Take the tables back."""
    for name in ("answered", "ended", "listed"):
        op.drop_index(f"ix_deliveries_{name}", "deliveries")
