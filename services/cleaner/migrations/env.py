"""Alembic's way in: the connection and the transaction are those of ``shared.database.migrate``."""

from shared.database import run_environment

run_environment()
