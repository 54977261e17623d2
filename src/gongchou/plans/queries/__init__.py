"""Reading for plans."""
