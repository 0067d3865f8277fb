"""Loading of files."""
