"""The command `claimstream` and the wiring of all services in one process."""
