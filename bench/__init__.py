"""Measurements, as ratios against a named baseline in the same run: figures of one machine and one
hour say little about another. Each module measures one thing in `measure()`, which prints lines."""
