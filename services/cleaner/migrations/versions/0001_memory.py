"""The first tables: the sites, and the articles that are remembered of each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "cleaner_0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "cleaner_sites",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("articles", sa.Integer(), server_default="0", nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site"),
    )
    op.create_index("cleaner_sites_seen_at", "cleaner_sites", ["seen_at"], unique=False)
    op.create_table(
        "cleaner_articles",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("article_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("work", sa.String(length=36), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("page_sha256", sa.String(length=64), nullable=False),
        sa.Column("blocks", sa.LargeBinary(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site", "article_id"),
    )
    op.create_index("cleaner_articles_number", "cleaner_articles", ["site", "number"], unique=False)
    op.create_index("cleaner_articles_seen_at", "cleaner_articles", ["seen_at"], unique=False)
