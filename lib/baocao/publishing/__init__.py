"""Notebooks become documents."""
