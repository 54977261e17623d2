"""Registers brought as files: read, understood column by column, checked row by row, written chunk by chunk.

    files       uploads, kept by their digest
    cells       one cell -> one value, or why not
    columns     headings -> fields
    places      words for regions, departments, sub-libraries, tags -> their rows
    reading     a file -> its header and its rows
    checking    rows that contradict one another; rows -> values, or all reasons why not
    store       many rows into a table at once, whatever the database
    keyed       compare with what is there by a natural key, and write what differs
    subjects, inspectors, licences    what is particular about each kind

It opens no transaction and knows no page: ``registry.operations.imports`` writes with it, ``registry.tasks`` drives it.
"""
