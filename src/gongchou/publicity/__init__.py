"""公示: what everybody may see without an account. It reads what the other rooms have published and writes nothing.

Nothing here names a person, an enterprise's risk class, or what is still a draft. Of a sealed draw it shows what the
draw's own evidence shows: pseudonyms.
"""
