"""The one door by which papers enter the database."""
