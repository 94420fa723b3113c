"""Papers as other programs take them: BibTeX, RIS, JSON. Pure: rows in, text out.

What a paper is cited as is decided once (`citations`); each format says it in its own way. Feeds
are `papers.feeds`; which papers, and how they are sent, is for `papers.views.exports`.
"""
