"""The store: articles, their versions, and the ledger of claims. Stages on `articles` and `extractions`, each
upserted alone; both settle the article under its lock; the outbox relay sends what a settlement wrote."""
