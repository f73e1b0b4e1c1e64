"""The cleaner: a page as fetched goes in; the article in it, or the reason why there is none, comes out.

``handler.clean`` is a pure function and runs inside a killable process. Nothing here knows a topic.
"""
