"""Reads an article and says who claimed what in it, at exactly which characters."""
