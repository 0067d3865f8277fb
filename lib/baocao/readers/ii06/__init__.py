"""Biểu II.06/VPCP/KSTT."""
