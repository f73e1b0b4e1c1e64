"""Who may speak to the broker, and as whom: certificates for trials, users with SCRAM passwords, rights by role.

For the command alone; no service imports it.
"""
