"""Who took something from the library, where they used it, and how we know."""
