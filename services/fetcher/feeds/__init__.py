"""Feeds: the poller that asks them, and the parser that reads them."""
