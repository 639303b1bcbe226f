"""What browsers measured: a table of no tenant."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

METRICS = "metric IN ('LCP', 'INP', 'CLS', 'FCP', 'TTFB', 'SWAP')"
NAVIGATIONS = (
    "navigation IN ('navigate', 'reload', 'back-forward', 'back-forward-cache', 'prerender',"
    " 'restore', 'swap')"
)


def upgrade() -> None:
    op.create_table(
        "field_measurements",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("navigation", sa.String(), nullable=False),
        sa.Column("component", sa.String()),
        sa.CheckConstraint(METRICS, name="metric"),
        sa.CheckConstraint("device IN ('phone', 'desktop')", name="device"),
        sa.CheckConstraint(NAVIGATIONS, name="navigation"),
        sa.CheckConstraint("value >= 0 AND value <= 600000", name="value"),
    )
    op.create_index("ix_field_measurements_measured_on", "field_measurements", ["measured_on"])


def downgrade() -> None:
    op.drop_table("field_measurements")
