"""Rows become facts: listed, checked, kept."""
