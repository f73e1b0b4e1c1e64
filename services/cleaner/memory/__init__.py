"""What the cleaner learns of a site as its pages go by: which blocks come again on other articles.

``fingerprint`` names a block, ``seen`` holds those of one page, ``works`` tells another article from the same one once
more, ``verdict`` decides, ``recall`` does what was decided. All of these are pure. ``database`` keeps what was seen,
for all replicas, and ``rounds`` asks it once for many pages.
"""
