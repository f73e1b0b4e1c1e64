"""Who cleaned: stands in every article, so that a text can be traced to the release that made it."""

CLEANER = "claimstream-cleaner/1"
