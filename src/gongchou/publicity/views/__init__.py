"""Public pages; nobody signs in for them."""
