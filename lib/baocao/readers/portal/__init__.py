"""Scores of the national portal."""
