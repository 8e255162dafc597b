"""What the public sees: the library of current toolkits, and the kit to repost from."""
