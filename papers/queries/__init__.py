"""What pages ask the database: each function a whole question, with a fixed number of queries.

No request, no text for readers and no writing here.
"""
