"""The cleaner: the article in a page and in plain lines, against marked pages, and the confidence in it."""
