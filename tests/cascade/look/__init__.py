"""Tests of the look of the cell."""
