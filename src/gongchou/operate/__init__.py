"""运维: setting the platform up, copying it, bringing a copy back, and proving that the copy is good.

This room knows every table and every file of an installation, and the meaning of none. It writes to the tables of other
rooms in one case only: a copy goes into an empty database as it was, by ``rows.load``. Nobody calls it.
"""
