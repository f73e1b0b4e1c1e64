"""The canary: a synthetic article a minute through all services, and its return as a fate."""
