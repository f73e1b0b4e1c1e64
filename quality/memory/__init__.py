"""How well the memory of sites tells boilerplate from articles: on made-up sites, and on pages that share a host."""
