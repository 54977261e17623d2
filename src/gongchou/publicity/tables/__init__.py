"""Columns and query forms of the public lists."""
