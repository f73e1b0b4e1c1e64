"""How the weights of the tagger are made. The product imports nothing of it, and torch is not installed with it."""
