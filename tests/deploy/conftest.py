"""These need a Docker engine and minutes: collected when they are named, as `make test-compose` does."""

collect_ignore_glob = ["test_*.py"]
