"""The API: what the store knows, read-only, over HTTP. A process of its own on the store's image."""
