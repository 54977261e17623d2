"""Questions to the rows of the room."""
