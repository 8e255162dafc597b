"""Bulletins: at a rhythm, what was approved since the last issue."""
