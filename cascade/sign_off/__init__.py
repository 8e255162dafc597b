"""Sign-off: one person writes, another approves, and what is approved may be released."""
