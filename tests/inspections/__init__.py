"""Inspections and their results."""
