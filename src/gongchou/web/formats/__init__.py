"""How values are written, by language; Django looks here first."""
