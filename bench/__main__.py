"""`make bench`: every measurement, one after the other."""

from bench import engines, full_day, import_snapshot, search, site_search

for bench in (engines, search, site_search, full_day, import_snapshot):
    print(bench.__doc__)
    for line in bench.measure():
        print(line, flush=True)
