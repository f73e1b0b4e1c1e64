"""A text with its claims marked, for people who want to see what was read and why: in the terminal, or as a page."""
