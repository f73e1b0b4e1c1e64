"""The four services. None imports another; each is deployed and scaled on its own."""
