"""The fault suite: the real worker against a sick arXiv, killed at any moment, loses nothing."""
