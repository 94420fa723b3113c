"""All of arXiv's history, from the metadata snapshot file.

`source` reads the file, `lines` turns its lines into rows in a process of its own, `listings`
announces them on the days since 1991, `importer` holds them together. Nothing is imported here: the
parsing process loads `lines` and must not load Django.
"""
