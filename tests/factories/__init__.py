"""Builders of evidence for tests; nothing here is imported by the product."""
