"""Alembic runs this: in the connection and transaction of ``shared.database.migrate``."""

from shared.database import run_environment

run_environment()
