"""What each page shows: frozen dataclasses, made from the answers of `papers.queries`.

A template gets one of these and nothing else; every sentence on a page is put together here.
No request, no cookie, no user: a public page is the same for everyone.
"""
