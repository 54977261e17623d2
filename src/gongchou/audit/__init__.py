"""留痕: what happened, in order, unchangeable.

Every operation of every room is one transaction and one line here; a write without a line cannot be expressed, since
recorded tables refuse it (``operations.recording``). Lines are the leaves of an RFC 6962 tree, whose checkpoints
witnesses outside this machine keep. Actors and things are kept as text: what happened stays readable when the person
or the thing is gone. This room imports no other room.
"""
