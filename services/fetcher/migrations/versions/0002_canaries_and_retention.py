"""Runs of the canary, and what retention has removed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "fetcher_0002"
down_revision = "fetcher_0001"


def upgrade() -> None:
    op.create_table(
        "fetcher_canaries",
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("requested", sa.Boolean(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=True),
        sa.Column("asked", sa.Text(), nullable=True),
        sa.Column("traceparent", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("fate", sa.String(length=16), nullable=True),
        sa.Column("code", sa.String(length=100), nullable=True),
        sa.Column("hint", sa.Text(), nullable=True),
        sa.Column("attempt", sa.Integer(), server_default="1", nullable=False),
        sa.Column("claims", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("visit_id"),
    )
    is_open = sa.text("fate IS NULL")
    op.create_index("fetcher_canaries_at", "fetcher_canaries", ["at"], unique=False)
    op.create_index(
        "fetcher_canaries_open",
        "fetcher_canaries",
        ["at"],
        unique=False,
        postgresql_where=is_open,
        sqlite_where=is_open,
    )
    op.create_index("fetcher_canaries_closed", "fetcher_canaries", ["fate", "closed_at"], unique=False)
    op.create_table(
        "fetcher_pruned",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("through", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "name"),
    )
