"""Requests in, answers out: parse into one typed object, ask, render. No query and no rule here."""
