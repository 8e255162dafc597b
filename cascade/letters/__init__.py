"""Mail to people with accounts: an invitation, a reset, a request to approve."""
