"""What can go wrong at arXiv, on request: by a script, or at random from a seed.

A fault is asked for in words such as `429=30@rss/cs.AI*2`: what, with which value, on which route
and for which category, how many times. Each answer takes at most one fault, the first that fits.
What a fault does to a body is in `mischief`, what it does to a connection in `wire`.
"""

import random
import re
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

ROUTES = ("rss", "atom", "api", "oai", "pdf", "abs")
_FEEDS = ("rss", "atom")
_XML = ("rss", "atom", "api", "oai")

KINDS: dict[str, tuple[str, ...]] = {
    "reset": ROUTES,  # the connection is reset; =0.5 after half of the body
    "drip": ROUTES,  # the body arrives bit by bit over =5 real seconds
    "delay": ROUTES,  # the answer begins after =5 real seconds
    "truncate": ROUTES,  # the body ends early, after =0.5 of its bytes
    "blank": ROUTES,  # status 200 and nothing in it
    "html": ROUTES,  # status 200 and a page for people instead
    "huge": ROUTES,  # the body goes on for =60 MB; =60:unsized does not say so beforehand
    "stale": _FEEDS,  # yesterday's batch, built today; =redated with today's dates as well
    "half": _FEEDS,  # entries at the end are missing, =0.5 remain
    "empty": _XML,  # no entries although there are some
    "noid": _FEEDS,  # one entry (=0, from 0) names no paper
    "badid": _FEEDS,  # one entry (=0, from 0) names an impossible paper
    "lag": ("api",),  # the =10 newest papers are not there yet
    "skip": ("oai",),  # a range of identifiers is left out: =2609.90010..2609.90020, or a tenth
    "repeat": ("oai",),  # the previous page comes again, with the token for this one
    "expired": ("oai",),  # the resumption token is refused
    "nocors": ("pdf",),  # without the header that lets another site read the file
}
"""Every fault beside HTTP statuses (`429`, `503=30`, `503=date:30`), with the routes it fits."""

_NUMBERED = frozenset(
    {"reset", "drip", "delay", "truncate", "huge", "half", "noid", "badid", "lag"}
)

RANDOM_KINDS = (
    "429",
    "429=date:20",
    "503=10",
    "500",
    "reset",
    "reset=0.5",
    "truncate",
    "blank",
    "html",
    "drip=0.2",
    "stale",
    "half",
    "empty",
    "lag",
    "skip",
    "repeat",
    "expired",
)

_SPEC = re.compile(
    r"(?P<kind>\d{3}|[a-z]+)(?:=(?P<value>[^@*+]+))?"
    r"(?:@(?P<route>[a-z]+)(?:/(?P<key>[^*]+?))?)?(?:\*(?P<count>\d+))?(?:\+(?P<after>\d+))?"
)


class FaultSpecError(ValueError):
    """A fault asked for in words that mean none; the message says which word."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault, where it strikes and how often.

    `route` None is every route that fits. `key` is what was asked for: the query of a feed
    (`cs.AI`), the set of an OAI-PMH list, the identifier of a PDF; any case, None for all. The
    fault lets `after` requests pass, then strikes `count` times, or for ever (None).
    """

    kind: str
    value: str | None = None
    route: str | None = None
    key: str | None = None
    count: int | None = None
    after: int = 0

    def __post_init__(self) -> None:
        if not self.kind.isdigit() and self.kind not in KINDS:
            raise FaultSpecError(f"{self.kind!r} is no fault; there are {', '.join(KINDS)}, 503")
        if self.kind.isdigit() and not 400 <= int(self.kind) <= 599:
            raise FaultSpecError(f"{self.kind} is no status of an error")
        if self.route is not None and self.route not in routes_of(self.kind):
            fitting = ", ".join(routes_of(self.kind))
            raise FaultSpecError(f"{self.kind} fits {fitting}, not {self.route!r}")
        if self.kind in _NUMBERED:
            self.number(0)

    @classmethod
    def parse(cls, spec: str) -> "Fault":
        """Read `KIND[=VALUE][@ROUTE[/KEY]][*COUNT][+AFTER]`. Raises FaultSpecError."""
        match = _SPEC.fullmatch(spec.strip())
        if match is None:
            raise FaultSpecError(
                f"{spec!r} is not KIND[=VALUE][@ROUTE[/KEY]][*COUNT][+AFTER], as in 503@rss/cs.AI*2"
            )
        return cls(
            kind=match["kind"],
            value=match["value"],
            route=match["route"],
            key=match["key"],
            count=int(match["count"]) if match["count"] else None,
            after=int(match["after"] or 0),
        )

    def __str__(self) -> str:
        """The words that `parse` reads."""
        return (
            self.kind
            + (f"={self.value}" if self.value is not None else "")
            + (f"@{self.route}" if self.route else "")
            + (f"/{self.key}" if self.key is not None else "")
            + (f"*{self.count}" if self.count is not None else "")
            + (f"+{self.after}" if self.after else "")
        )

    def fits(self, route: str, key: str) -> bool:
        """Whether a request for `key` on `route` is one this fault is about."""
        return (
            route in ((self.route,) if self.route else routes_of(self.kind))
            and (self.key is None or self.key.lower() == key.lower())
            and self.count != 0
        )

    def number(self, default: float) -> float:
        """The value as a number, `default` where there is none. Raises FaultSpecError."""
        try:
            return default if self.value is None else float(self.value.partition(":")[0])
        except ValueError:
            raise FaultSpecError(f"{self.value!r} is no number for {self.kind}") from None


def routes_of(kind: str) -> tuple[str, ...]:
    """The routes a kind of fault can strike."""
    return KINDS.get(kind, ROUTES)


class RandomFaults:
    """Faults at a rate from 0 to 1, always the same for the same seed.

    What strikes a request depends on the seed, on what is asked and how often it was asked before,
    not on when or in which order: several processes at once meet the same faults. After `in_a_row`
    faults for the same thing the next answer is right, so that patience is always rewarded.
    """

    def __init__(
        self,
        seed: int,
        rate: float,
        kinds: Sequence[str] = RANDOM_KINDS,
        in_a_row: int = 3,
    ) -> None:
        if not 0 <= rate <= 1:
            raise FaultSpecError(f"{rate} is no rate between 0 and 1")
        self.seed = seed
        self.rate = rate
        self.in_a_row = in_a_row
        self._faults = [Fault.parse(kind) for kind in kinds]
        self._asked: Counter[tuple[str, str]] = Counter()
        self._struck: Counter[tuple[str, str]] = Counter()

    def draw(self, route: str, key: str) -> Fault | None:
        """The fault for the next request of `key` on `route`, or None."""
        what = (route, key.lower())
        self._asked[what] += 1
        # Not for secrets: a script of faults that can be played again.
        chance = random.Random(f"{self.seed}/{route}/{key.lower()}/{self._asked[what]}")  # noqa: S311
        fitting = [fault for fault in self._faults if route in routes_of(fault.kind)]
        if not fitting or chance.random() >= self.rate or self._struck[what] >= self.in_a_row:
            self._struck[what] = 0
            return None
        self._struck[what] += 1
        return chance.choice(fitting)


class Faults:
    """The faults that still wait for their request; safe to use from several threads."""

    def __init__(self, at_random: RandomFaults | None = None) -> None:
        self.at_random = at_random
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let a fault wait, behind those already there."""
        with self._lock:
            self._waiting.append(fault)

    def clear(self) -> None:
        """Forget every fault, those at random too."""
        with self._lock:
            self._waiting.clear()
            self.at_random = None

    def waiting(self) -> list[Fault]:
        """What still waits, with what is left of its counts."""
        with self._lock:
            return list(self._waiting)

    def take(self, route: str, key: str) -> Fault | None:
        """The fault a request meets, its counts lowered; scripted ones before those at random."""
        with self._lock:
            for place, fault in enumerate(self._waiting):
                if not fault.fits(route, key):
                    continue
                if fault.after:
                    self._waiting[place] = replace(fault, after=fault.after - 1)
                    continue
                if fault.count is not None:
                    self._waiting[place] = replace(fault, count=fault.count - 1)
                    if fault.count == 1:
                        del self._waiting[place]
                return fault
            return self.at_random.draw(route, key) if self.at_random else None
