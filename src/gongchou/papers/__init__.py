"""Papers: documents printed as PDF, from data and a template, with fonts that come along.

It knows nothing of pages, accounts or the database: whoever prints says every word that stands on the paper.
"""
