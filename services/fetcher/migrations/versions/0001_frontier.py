"""The first tables: hosts, robots, URLs, visits; submissions, fates, outcomes; feeds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "fetcher_0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "fetcher_fates",
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("attempt", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("fate", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=100), nullable=True),
        sa.Column("hint", sa.Text(), nullable=True),
        sa.Column("said_at", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("visit_id", "attempt", "service", "fate"),
    )
    op.create_table(
        "fetcher_feeds",
        sa.Column("url", sa.String(length=2048), nullable=False),
        sa.Column("host", sa.String(length=300), nullable=False),
        sa.Column("origin", sa.String(length=8), nullable=False),
        sa.Column("every", sa.BigInteger(), nullable=False),
        sa.Column("labels", sa.Text(), server_default="{}", nullable=False),
        sa.Column("next_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lease_token", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=8), server_default="new", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("code", sa.String(length=100), nullable=True),
        sa.Column("hint", sa.Text(), nullable=True),
        sa.Column("entries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("polled_at", sa.BigInteger(), nullable=True),
        sa.Column("news_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("url"),
    )
    op.create_index("fetcher_feeds_due", "fetcher_feeds", ["next_at"], unique=False)
    op.create_index("fetcher_feeds_host", "fetcher_feeds", ["host", "next_at"], unique=False)
    op.create_table(
        "fetcher_hosts",
        sa.Column("host", sa.String(length=300), nullable=False),
        sa.Column("next_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lease_token", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("work_at", sa.BigInteger(), nullable=True),
        sa.Column("bulk_at", sa.BigInteger(), nullable=True),
        sa.Column("work_rank", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("host"),
    )
    op.create_index("fetcher_hosts_bulk", "fetcher_hosts", ["bulk_at"], unique=False)
    op.create_index("fetcher_hosts_work", "fetcher_hosts", ["work_at"], unique=False)
    op.create_table(
        "fetcher_outcomes",
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("url_id", sa.String(length=36), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("visit_id", "revision"),
    )
    op.create_index(
        "fetcher_outcomes_unsent",
        "fetcher_outcomes",
        ["at"],
        unique=False,
        postgresql_where=sa.text("sent_at IS NULL"),
        sqlite_where=sa.text("sent_at IS NULL"),
    )
    op.create_table(
        "fetcher_robots",
        sa.Column("origin", sa.String(length=310), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("good_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("origin"),
    )
    op.create_table(
        "fetcher_submissions",
        sa.Column("submission_key", sa.String(length=36), nullable=False),
        sa.Column("result", sa.String(length=11), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=True),
        sa.Column("ref_key", sa.String(length=64), nullable=True),
        sa.Column("feed", sa.Text(), nullable=True),
        sa.Column("labels", sa.Text(), server_default="{}", nullable=False),
        sa.Column("coordinates", sa.Text(), nullable=False),
        sa.Column("code", sa.String(length=100), nullable=True),
        sa.PrimaryKeyConstraint("submission_key"),
    )
    op.create_index("fetcher_submissions_at", "fetcher_submissions", ["at"], unique=False)
    op.create_index("fetcher_submissions_ref", "fetcher_submissions", ["ref_key"], unique=False)
    op.create_index("fetcher_submissions_visit", "fetcher_submissions", ["visit_id"], unique=False)
    op.create_table(
        "fetcher_urls",
        sa.Column("url_id", sa.String(length=36), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("visits", sa.Integer(), server_default="0", nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.Column("observed_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("first_observed_at", sa.BigInteger(), nullable=True),
        sa.Column("revisit_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("url_id"),
    )
    op.create_index("fetcher_urls_revisit", "fetcher_urls", ["revisit_at"], unique=False)
    op.create_table(
        "fetcher_visits",
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("url_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("bulk", sa.Boolean(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
        sa.Column("feed", sa.Text(), nullable=True),
        sa.Column("published_at", sa.Text(), nullable=True),
        sa.Column("labels", sa.Text(), server_default="{}", nullable=False),
        sa.Column("traceparent", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("host", sa.String(length=300), nullable=True),
        sa.Column("next_url", sa.Text(), nullable=True),
        sa.Column("trail", sa.Text(), server_default="[]", nullable=False),
        sa.Column("rank", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("observed_at", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("final_url", sa.Text(), nullable=True),
        sa.Column("page_sha256", sa.String(length=64), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("fate", sa.String(length=16), nullable=True),
        sa.Column("code", sa.String(length=100), nullable=True),
        sa.Column("hint", sa.Text(), nullable=True),
        sa.Column("service", sa.String(length=40), nullable=True),
        sa.Column("attempt", sa.Integer(), server_default="1", nullable=False),
        sa.Column("article_id", sa.Text(), nullable=True),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("claims", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("visit_id"),
    )
    op.create_index(
        "fetcher_visits_due",
        "fetcher_visits",
        ["host", "bulk", "due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'queued'"),
        sqlite_where=sa.text("state = 'queued'"),
    )
    op.create_index("fetcher_visits_number", "fetcher_visits", ["url_id", "number"], unique=True)
    op.create_index(
        "fetcher_visits_open",
        "fetcher_visits",
        ["opened_at"],
        unique=False,
        postgresql_where=sa.text("fate IS NULL"),
        sqlite_where=sa.text("fate IS NULL"),
    )
    op.create_index("fetcher_visits_opened", "fetcher_visits", ["opened_at"], unique=False)
    op.create_index(
        "fetcher_visits_unfated",
        "fetcher_visits",
        ["observed_at"],
        unique=False,
        postgresql_where=sa.text("fate IS NULL"),
        sqlite_where=sa.text("fate IS NULL"),
    )
    op.create_index(
        "fetcher_visits_queue",
        "fetcher_visits",
        ["host", "bulk", sa.text("rank DESC"), "due_at"],
        postgresql_where=sa.text("state = 'queued'"),
        sqlite_where=sa.text("state = 'queued'"),
    )
