"""The synthetic province in the store."""
