"""Files as received become rows and problems."""
