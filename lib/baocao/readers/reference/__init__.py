"""Sheets of reference data."""
