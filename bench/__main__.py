"""`make bench`: every measurement, one after the other."""

from bench import engines

for bench in (engines,):
    print(bench.__doc__)
    for line in bench.measure():
        print(line, flush=True)
