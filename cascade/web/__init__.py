"""The pages: what recipients confirm on, and what the communications cell watches."""
