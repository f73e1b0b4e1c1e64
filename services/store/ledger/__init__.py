"""The rules of the ledger, pure: which version counts, which claim is which, what a change is, whom it concerns."""
