"""Reproducible reports on administrative procedures for Hà Tĩnh province."""

__version__ = "0.1.0"
