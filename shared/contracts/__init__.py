"""The wire: frozen models of every record, topics, ids, the envelope, the canonical URL.

Generated from here by ``make schemas``: ``schemas/*.json``, ``examples/*.json``, ``asyncapi.yaml``.
"""
