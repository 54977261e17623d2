"""一单两库: the lists of items, the subjects, the inspectors, their tags and conflicts, and what is known of each.

It is the only writer of these tables. It never plans, draws or judges: upper rooms read here and push facts into the
dossiers.
"""
