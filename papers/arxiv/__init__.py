"""arXiv's protocols, pure (bytes in, records out) but for `client`, the only HTTP.

Nothing in this package knows the database or Django's models.
"""
