"""The tests mirror the tree: real PostgreSQL and Redis, the replay server instead of arXiv."""
