"""Cascade: write a key message once, get it to every organisation, know who has read it."""

__version__ = "0.1.0"
