"""Who works in the cell: people with accounts, their roles, how they sign in, and what they did."""
