"""The pages as a reader's browser meets them: weight, speed, layout, accessibility, judgement.

make pages        (needs npm and Chromium)

The site runs as it is, playing real papers where they are beside the project, else the samples.
"""

import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Request, sync_playwright

from bench.import_snapshot import REAL_PAPERS
from coolpapers import embedded
from coolpapers.network import find_free_port

ROOT = Path(__file__).resolve().parent.parent
JUDGES = ROOT / "bench" / "judges" / "node_modules"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
RUNS = 5
CARDS = 500
LONGEST = 50


@dataclass(frozen=True)
class Played:
    """What is played: the folder, a listing, its last day, a search that finds something."""

    folder: Path
    listing: str
    last: str
    long_list: str
    search: str


REAL = Played(
    REAL_PAPERS.parent / "days", "/arxiv/cs.AI", "2026-08-14",
    "/arxiv/cs.AI,cs.LG,cs.CV,cs.CL?date=2026-08-10..2026-08-14", "/arxiv/search?query=diffusion",
)  # fmt: skip
SAMPLES = Played(
    ROOT / "papers" / "arxiv" / "replay" / "samples", "/arxiv/cs.CL", "2026-09-18",
    "/arxiv/cs.CL,cs.LG,hep-th?date=2026-09-14..2026-09-18", "/arxiv/search?query=attention",
)  # fmt: skip


@contextmanager
def run_site(played: Played, var: Path) -> Iterator[str]:
    """The address of the site with everything played; it ends with the block."""
    port = find_free_port()
    environment = {
        **os.environ,
        "COOLPAPERS_VAR": str(var),
        "PORT": str(port),
        "ARXIV_REPLAY": str(played.folder),
    }
    with (var / "site.log").open("w") as log:
        program = subprocess.Popen(
            [sys.executable, "-m", "coolpapers.run"],
            cwd=ROOT, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}{played.listing}.json?date={played.last}", var / "site.log")
        time.sleep(5)
        yield address
    finally:
        program.send_signal(signal.SIGINT)
        program.wait(60)


def _wait_for(address: str, log: Path) -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                if json.load(answer)["papers"]:
                    return
        except (OSError, urllib.error.HTTPError):
            pass
        time.sleep(1)
    sys.exit(f"{address} shows no papers after five minutes; the site said:\n{log.read_text()}")


def weigh(browser: Browser, address: str) -> str:
    """What a first load brings over the wire, headers included, and whose it is."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    done: list[Request] = []
    page.on("requestfinished", lambda request: done.append(request))
    page.goto(address, wait_until="networkidle")
    sizes = {}
    for request in done:
        size = request.sizes()
        sizes[request.url] = size["responseHeadersSize"] + size["responseBodySize"]
    page.close()
    scripts = sum(size for url, size in sizes.items() if url.endswith(".js"))
    origin = "/".join(address.split("/")[:3])
    foreign = [url for url in sizes if not url.startswith(origin)]
    return (
        f"first load: {sum(sizes.values()) / 1000:.1f} kB in {len(sizes)} requests (goal: 60 kB), "
        f"scripts {scripts / 1000:.1f} kB (goal: 20 kB), {len(foreign)} requests "
        "elsewhere (goal: 0)"
    )


_WATCH = """() => {
  window.spent = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.spent.push([entry.name, entry.duration]);
  }).observe({ type: "event", durationThreshold: 16 });
}"""
_SHIFTS = """() => new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(sum), 1500);
})"""


def shift(browser: Browser, address: str) -> str:
    """Layout shift of a first visit, and of a reader who comes back with stars and marks."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    first = page.evaluate(_SHIFTS)
    for _ in range(6):
        page.keyboard.press("j")
    page.keyboard.press("s")
    page.wait_for_timeout(1500)
    page.goto(address, wait_until="networkidle")
    again = page.evaluate(_SHIFTS)
    context.close()
    return f"layout shift: {first:.3f} at first, {again:.3f} with stars and marks (goal: 0)"


def use(browser: Browser, address: str) -> Iterator[str]:
    """The longest answer to each kind of input, with many cards on the page."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(address, wait_until="networkidle")
    cards = _load_cards(page)
    page.evaluate("() => scrollTo(0, 0)")
    page.wait_for_timeout(1000)
    page.evaluate(_WATCH)
    acts: dict[str, Callable[[], None]] = {
        "j": lambda: _press(page, *"jjjjjjjjjjjj"),
        "k": lambda: _press(page, *"kkkkkk"),
        "star": lambda: _press(page, "s", "s"),
        "open": lambda: _press(page, "o", "o"),
        "help": lambda: _press(page, "?", "Escape"),
        "filter": lambda: _filter(page),
    }
    for name, act in acts.items():
        page.evaluate("() => { window.spent = [] }")
        act()
        page.wait_for_timeout(700)
        spent = [duration for _, duration in page.evaluate("() => window.spent")]
        yield (
            f"{name} with {cards} cards: at most {max(spent, default=16):.0f} ms (goal: {LONGEST})"
        )
    page.close()


def _press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(100)


def _load_cards(page: Page) -> int:
    count = "() => document.querySelectorAll('[data-card]').length"
    for _ in range(120):
        if page.evaluate(count) >= CARDS:
            break
        page.evaluate("() => scrollTo(0, document.documentElement.scrollHeight)")
        page.wait_for_timeout(250)
    return int(page.evaluate(count))


def _filter(page: Page) -> None:
    page.click("[data-filter-open]")
    page.wait_for_timeout(500)
    page.keyboard.type("model")
    page.wait_for_timeout(500)


# WCAG 2.2's rule for targets is off by default.
_RUN_AXE = "() => axe.run({ rules: { 'target-size': { enabled: true } } })"


def judge_access(browser: Browser, address: str, paths: list[str]) -> Iterator[str]:
    """What axe finds on each page, in both themes, on a phone and on a desk."""
    axe = (JUDGES / "axe-core" / "axe.min.js").read_text()
    found = 0
    for theme in ("light", "dark"):
        for width in (390, 1280):
            context = browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme="dark" if theme == "dark" else "light",
            )
            page = context.new_page()
            for path in paths:
                page.goto(address + path, wait_until="networkidle")
                page.evaluate(axe)
                result: dict[str, Any] = page.evaluate(_RUN_AXE)
                for violation in result["violations"]:
                    found += 1
                    nodes = ", ".join(str(node["target"][0]) for node in violation["nodes"][:3])
                    yield f"axe: {path} ({theme}, {width} px): {violation['id']}: {nodes}"
            context.close()
    yield f"axe: {found} faults on {len(paths)} pages in two themes and widths (goal: 0)"


def judge(address: str, runs: int) -> str:
    """The medians of Lighthouse's four judgements, mobile profile."""
    scores: dict[str, list[float]] = {name: [] for name in CATEGORIES}
    missed: set[str] = set()
    for _ in range(runs):
        report = _run_lighthouse(address)
        for name in CATEGORIES:
            scores[name].append((report["categories"][name]["score"] or 0) * 100)
            missed |= {
                ref["id"]
                for ref in report["categories"][name]["auditRefs"]
                if ref["weight"] and (report["audits"][ref["id"]]["score"] or 0) < 0.9
                and report["audits"][ref["id"]]["scoreDisplayMode"] != "notApplicable"
            }  # fmt: skip
    medians = ", ".join(f"{name} {statistics.median(scores[name]):.0f}" for name in CATEGORIES)
    return f"{medians} (goal: 99)" + (f"; short in: {', '.join(sorted(missed))}" if missed else "")


def _run_lighthouse(address: str, tries: int = 3) -> dict[str, Any]:
    """Its report. Now and then it loses the browser's trace and asks to be run again."""
    command = [
        str(JUDGES / ".bin" / "lighthouse"), address, "--quiet", "--output=json",
        f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={' '.join(FLAGS)}",
    ]  # fmt: skip
    environment = {**os.environ, "CHROME_PATH": find_chromium()}
    for _ in range(tries):
        result = subprocess.run(command, capture_output=True, env=environment)
        if not result.returncode:
            report: dict[str, Any] = json.loads(result.stdout)
            return report
    raise SystemExit(f"Lighthouse failed at {address}: {result.stderr.decode()[-500:]}")


def find_chromium() -> str:
    """The program's path, or SystemExit."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    return found or sys.exit("No Chromium was found: install one (Debian: apt install chromium).")


_BARE = """{% for p in papers %}<article id="{{ p.identifier }}">
<h3><a href="/arxiv/{{ p.identifier }}">{{ p.title }}</a></h3><p>{% for a in p.authors %}
<a href="/arxiv/search?query={{ a.name|urlencode }}">{{ a.name }}</a>, {% endfor %}</p>
<p>{{ p.abstract }}</p><p>{% for c in p.categories %}<a href="/arxiv/{{ c }}">{{ c }}</a>
{% endfor %}</p><p>{{ p.comments }} {{ p.journal_ref }} {{ p.doi }} {{ p.submitted_at }}</p>
</article>{% endfor %}"""


def compare_rendering(var: Path) -> str:
    """The HTML of 25 cards against a bare template loop over the same papers, in one process."""
    with embedded.start(var) as services:
        os.environ.update(
            services.environment,
            COOLPAPERS_VAR=str(var),
            DJANGO_SETTINGS_MODULE="coolpapers.settings",
            # Playwright keeps an event loop in this thread, which Django takes for a fault.
            DJANGO_ALLOW_ASYNC_UNSAFE="1",
        )
        import django

        django.setup()
        from django.db import connection
        from django.template import Context, Template
        from django.template.loader import render_to_string

        from papers.models import Paper
        from papers.pages.card import make_card
        from papers.pages.listing import Section

        papers = list(Paper.objects.select_related("counter").order_by("-pk")[:25])
        bare = Template(_BARE)

        def render_cards() -> None:
            cards = tuple(make_card(paper, number) for number, paper in enumerate(papers, 1))
            section = Section("a", 1, "New", "25", False, False, cards)
            render_to_string("_sections.html", {"sections": (section,), "titles": False})

        def render_bare() -> None:
            bare.render(Context({"papers": papers}))

        own, plain = _time_in_turn(render_cards, render_bare)
        connection.close()
    return (
        f"25 cards: {own * 1000:.1f} ms, a bare loop {plain * 1000:.1f} ms, "
        f"{own / plain:.2f} times (goal: 2)"
    )


def _time_in_turn(*works: Callable[[], None]) -> list[float]:
    """The median seconds of this process for each of the works, taken in turn."""
    spent: list[list[float]] = [[] for _ in works]
    for _ in range(60):
        for work, times in zip(works, spent, strict=True):
            started = time.process_time()
            work()
            times.append(time.process_time() - started)
    return [statistics.median(times) for times in spent]


def measure(runs: int = RUNS) -> Iterator[str]:
    """Everything above, a line each."""
    played = REAL if REAL.folder.is_dir() else SAMPLES
    yield f"playing {played.folder.name}, at {time.strftime('%Y-%m-%d %H:%M')}"
    with tempfile.TemporaryDirectory(prefix="coolpapers-") as name:
        var = Path(name)
        var.chmod(0o711)
        with run_site(played, var) as address:
            with urllib.request.urlopen(f"{address}{played.listing}.json") as answer:
                paper = f"/arxiv/{json.load(answer)['papers'][0]['id']}"
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
                yield weigh(browser, address + played.listing)
                yield shift(browser, address + played.listing)
                yield from use(browser, address + played.long_list)
                paths = ["/", played.listing, f"{played.listing}?view=titles", paper, played.search,
                         f"{played.listing},math.AG", f"{paper},", "/choose", "/stars", "/status",
                         "/arxiv/related", "/arxiv/cs.XX", "/zh/", f"/zh{played.listing}",
                         f"{played.listing}?date=2026-08-09"]  # fmt: skip
                yield from judge_access(browser, address, paths)
                browser.close()
            yield compare_rendering(var)
            for title, path in (
                ("home", "/"), ("listing", played.listing), ("paper", paper),
                ("search", played.search),
            ):  # fmt: skip
                yield f"Lighthouse, {title}, median of {runs}: {judge(address + path, runs)}"


if __name__ == "__main__":
    for line in measure(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS):
        print(line, flush=True)
