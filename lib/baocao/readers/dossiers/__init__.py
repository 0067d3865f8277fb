"""Dossiers one by one, as the province's system exports them, and the counts they reduce to."""
