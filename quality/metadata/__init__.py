"""What a page says of its article: how often it is right, and what the confidence in it is worth."""
