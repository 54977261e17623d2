"""人与机构: regions, departments, people, their roles, and how far each may see.

The only answer to "who may see which rows" (``reach``), for lists, pages, choices and writes alike. It never decides
what may happen to a task or a result; that is for the room that owns it.
"""
