"""The first tables: articles, versions, sightings, extractions, claims, their revisions, the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "store_0001"
down_revision = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "store_article",
        sa.Column("article_id", sa.Text),
        sa.Column("current_own", sa.Boolean),
        sa.Column("current_observed_at", sa.Text),
        sa.Column("current_version", sa.Text),
        sa.Column("extraction_sequence", sa.Integer),
        sa.Column("extraction_version", sa.Text),
        sa.Column("extraction_name", sa.Text),
        sa.Column("extraction_model", sa.Text),
        sa.Column("gone", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("article_id", name="pk_store_article"),
    )
    op.create_table(
        "store_article_version",
        sa.Column("article_id", sa.Text),
        sa.Column("version", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("article_id", "version", name="pk_store_article_version"),
        _belongs_to_article("store_article_version"),
    )
    op.create_table(
        "store_sighting",
        sa.Column("article_id", sa.Text),
        sa.Column("version", sa.Text),
        sa.Column("visit_id", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("own", sa.Boolean, nullable=False),
        sa.Column("observed_at", sa.Text, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("traceparent", sa.Text),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("told", sa.Text),
        sa.Column("told_attempt", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.PrimaryKeyConstraint("article_id", "version", "visit_id", name="pk_store_sighting"),
        _belongs_to_article("store_sighting"),
    )
    op.create_index(
        "ix_store_sighting_article_id_own_observed_at_version",
        "store_sighting",
        ["article_id", "own", "observed_at", "version"],
    )
    op.create_index("ix_store_sighting_visit_id", "store_sighting", ["visit_id"])
    op.create_table(
        "store_extraction",
        sa.Column("article_id", sa.Text),
        sa.Column("version", sa.Text),
        sa.Column("sequence", sa.Integer),
        sa.Column("extractor_version", sa.Text),
        sa.Column("extractor_name", sa.Text),
        sa.Column("model", sa.Text),
        sa.Column("visit_id", sa.Text, nullable=False),
        sa.Column("claims", sa.Integer, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("proof", sa.Text),
        sa.PrimaryKeyConstraint(
            "article_id",
            "version",
            "sequence",
            "extractor_version",
            "extractor_name",
            "model",
            name="pk_store_extraction",
        ),
        _belongs_to_article("store_extraction"),
    )
    op.create_table(
        "store_claim",
        sa.Column("claim_id", sa.Text),
        sa.Column("article_id", sa.Text, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("live", sa.Boolean, nullable=False),
        sa.Column("gone", sa.Boolean, nullable=False),
        sa.Column("routes", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("claim_id", name="pk_store_claim"),
        _belongs_to_article("store_claim"),
    )
    op.create_index("ix_store_claim_article_id", "store_claim", ["article_id"])
    op.create_table(
        "store_claim_revision",
        sa.Column("claim_id", sa.Text),
        sa.Column("epoch", sa.Integer),
        sa.Column("revision", sa.Integer),
        sa.Column("changed_at", sa.Text, nullable=False),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("claim_id", "epoch", "revision", name="pk_store_claim_revision"),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["store_claim.claim_id"], name="fk_store_claim_revision_claim_id"
        ),
    )
    op.create_index("ix_store_claim_revision_changed_at", "store_claim_revision", ["changed_at"])
    op.create_table(
        "store_outbox",
        sa.Column("id", _ROW_ID, autoincrement=True),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("key", sa.LargeBinary),
        sa.Column("value", sa.LargeBinary),
        sa.Column("headers", sa.Text, nullable=False),
        sa.Column("place_by", sa.LargeBinary),
        sa.Column("written_us", sa.BigInteger, nullable=False),
        sa.Column("refused", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_store_outbox"),
    )


def _belongs_to_article(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["article_id"], ["store_article.article_id"], name=f"fk_{table}_article_id"
    )
