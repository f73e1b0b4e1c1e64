"""The store's Alembic migrations; run by ``shared.database.migrate``."""
