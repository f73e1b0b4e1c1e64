"""What a page says about its article, field by field, each with where it came from."""
