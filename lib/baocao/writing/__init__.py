"""Figures become claims, prose, tables, workbooks."""
