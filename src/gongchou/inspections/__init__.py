"""检查: visits carried out, what was found at each, and its review, from the phone or from a desk.

It reads who goes where from the room of draws and never changes that. A record that was sent is never overwritten: a
correction is the next revision, and what another phone sent stands beside it.
"""
