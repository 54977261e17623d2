"""How many rows a page is asked with, to see that it asks the database as often for many as for few."""

FEW_AND_MANY = [3, 100]
"""A part of a page of a list, and five pages full."""
