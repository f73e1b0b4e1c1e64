"""Fetcher: URLs and feeds in, pages and the account of every visit out."""
