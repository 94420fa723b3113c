"""Search as the site does it: the index follows a database, and pages come from its web server.

    python -m bench.site_search [--papers N]

The real papers go through the import into a database of their own. Every figure comes with what it
is to be compared with, measured in the same run.
"""

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote_plus

import httpx
import psycopg

from bench.search import PAPERS, REAL_PAPERS, feed_bare, read_papers
from coolpapers import embedded
from coolpapers.network import find_free_port
from search import open_index, parse
from search.documents import Document
from search.preparation import prepare

ROOT = Path(__file__).resolve().parent.parent
PAGES = 300
CHANGES = 20


class Site:
    """A database, an index and a web server of their own; every command gets its environment."""

    def __init__(self, folder: Path, services: dict[str, str]) -> None:
        self.index = folder / "var" / "index"
        self.environment = {
            **os.environ,
            **services,
            "COOLPAPERS_VAR": str(folder / "var"),
            "PORT": str(find_free_port()),
            "COOLPAPERS_WEB_WORKERS": "1",
        }

    def manage(self, *words: str) -> float:
        """Seconds that a management command takes, its start included."""
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, ROOT / "manage.py", *words],
            env=self.environment, stdout=subprocess.DEVNULL, check=True,
        )  # fmt: skip
        return time.perf_counter() - began

    @contextmanager
    def running(self, *words: str) -> Iterator[subprocess.Popen[bytes]]:
        """A program of the site, ended with the block."""
        program = subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL
        )
        try:
            yield program
        finally:
            program.send_signal(signal.SIGTERM)
            program.wait(60)


def measure(papers: int = PAPERS) -> Iterator[str]:
    """Building, pages, freshness, and searches while an index is built, a line each."""
    documents = read_papers(papers)
    if not documents:
        yield "The real papers (../shared/data) are not here."
        return
    with tempfile.TemporaryDirectory(prefix="coolpapers-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with embedded.start(folder / "services", postgres=True, redis=True) as services:
            site = Site(folder, services.environment)
            site.manage("migrate", "--verbosity", "0")
            site.manage("collectstatic", "--no-input", "--verbosity", "0")
            write_snapshot(folder / "snapshot.json", documents)
            site.manage("import_snapshot", str(folder / "snapshot.json"))
            yield compare_builds(site, documents, folder)
            yield from ask_pages(site, documents)
            yield measure_freshness(site, services.database_url)
            yield from search_while_building(site, documents)


def write_snapshot(path: Path, documents: Sequence[Document]) -> None:
    """The papers in the form of arXiv's snapshot."""
    with path.open("w") as file:
        for one in documents:
            day = one.day.strftime("%a, %d %b %Y 00:00:00 GMT") if one.day else ""
            entry = {
                "id": one.key,
                "submitter": "",
                "title": one.title,
                "abstract": one.abstract,
                "authors": ", ".join(one.authors),
                "authors_parsed": [
                    [*reversed(f" {author}".rsplit(" ", 1)), ""] for author in one.authors
                ],
                "categories": " ".join(one.categories),
                "comments": None,
                "doi": None,
                "journal-ref": None,
                "report-no": None,
                "license": None,
                "versions": [{"version": "v1", "created": day}],
                "update_date": f"{one.day:%Y-%m-%d}" if one.day else "",
            }
            file.write(json.dumps(entry) + "\n")


def compare_builds(site: Site, documents: Sequence[Document], folder: Path) -> str:
    """A build from the database against tantivy alone, fed from memory; of each the best of three,
    taken in turn."""
    spent: dict[str, list[float]] = {"bare": [], "site": []}
    prepared = [(one, prepare(one)) for one in documents]
    for turn in range(3):
        spent["bare"].append(feed_bare(prepared, folder / f"bare{turn}")[1])
        spent["site"].append(site.manage("index", "--rebuild"))
    bare, whole = min(spent["bare"]), min(spent["site"])
    return (
        f"build: `index --rebuild` {whole:.1f} s, bare tantivy {bare:.1f} s, {bare / whole:.2f} of "
        "its speed, reading from the database and preparing included (promised: 0.40)"
    )


def ask_pages(site: Site, documents: Sequence[Document]) -> Iterator[str]:
    """Pages that nobody asked for before, one after the other over one connection."""
    chance = random.Random(4)
    kinds = {
        "search page": [make_search(chance, documents) for _ in range(PAGES)],
        "suggestions": [
            f"/arxiv/search/suggest?query={_words(chance, documents, 1)[: chance.randrange(2, 7)]}"
            for _ in range(PAGES)
        ],
        "related papers": [
            f"/arxiv/{one.key}/related?fragment=1" for one in chance.sample(list(documents), PAGES)
        ],
    }
    with site.running("-m", "coolpapers.web") as program, site_client(site) as client:
        for path in ("/arxiv/search", "/choose"):
            client.get(path).raise_for_status()
        before = private_memory(program.pid)
        for kind, paths in kinds.items():
            statuses = [client.get(path).status_code for path in paths[:10]]
            times = []
            for path in paths[10:]:
                began = time.perf_counter()
                statuses.append(client.get(path).status_code)
                times.append((time.perf_counter() - began) * 1000)
            wrong = sum(status != 200 for status in statuses)
            yield f"{kind}, not cached: {tell(times)}" + (f", {wrong} NOT ANSWERED" * bool(wrong))
        after = private_memory(program.pid)
        yield f"private memory of the web server: {(after - before) / 1e6:.1f} MB more afterwards"


@contextmanager
def site_client(site: Site) -> Iterator[httpx.Client]:
    """A client of the site's web server, once it answers."""
    with httpx.Client(base_url=f"http://127.0.0.1:{site.environment['PORT']}") as client:
        for _ in range(300):
            try:
                client.get("/healthz")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield client


def private_memory(parent: int) -> int:
    """Bytes that a program's processes share with nobody."""
    pids = [parent, *map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text().split())]
    return sum(
        int(line.split()[1]) * 1024
        for pid in pids
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        if line.startswith("Private_Dirty")
    )


def make_search(chance: random.Random, documents: Sequence[Document]) -> str:
    """The address of a search somebody may make, of all kinds."""
    words = _words(chance, documents, 2)
    paper = chance.choice(documents)
    pairs = re.findall(r"[A-Za-z]{4,} [A-Za-z]{4,}", paper.title)
    typed, also = chance.choice(
        [
            (words, ""),
            (words, ""),
            (_words(chance, documents, 5), ""),
            (f'"{chance.choice(pairs)}"' if pairs else words, ""),
            (words.split()[0], f"&cat={paper.categories[0]}"),
            (words.split()[0], "&sort=date"),
            (f'au:"{paper.authors[0]}"' if paper.authors else words, ""),
            (" OR ".join(words.split()) + " -survey date:2020..", ""),
        ]
    )
    return f"/arxiv/search?query={quote_plus(typed)}{also}"


def _words(chance: random.Random, documents: Sequence[Document], number: int) -> str:
    words = re.findall(r"[A-Za-z]{4,}", chance.choice(documents).title) or ["graph"]
    return " ".join(chance.sample(words, min(number, len(words))))


def measure_freshness(site: Site, database_url: str) -> str:
    """From a change in the database to the moment when a search finds it."""
    index = open_index(site.index)
    times = []
    with (
        site.running("manage.py", "index", "--follow"),
        psycopg.connect(database_url, autocommit=True) as base,
    ):
        time.sleep(5)
        for number in range(CHANGES):
            word = f"zq{number}zyx"
            base.execute(
                "UPDATE papers_paper SET title = title || %s WHERE id = "
                "(SELECT id FROM papers_paper OFFSET %s LIMIT 1)",
                (f" {word}", 17 * number),
            )
            began = time.perf_counter()
            query = parse(word)
            while not index.search(query).total:
                time.sleep(0.01)
                if time.perf_counter() - began > 30:
                    return f"freshness: a change was not found after 30 s ({word})"
            times.append((time.perf_counter() - began) * 1000)
    return f"from a change to its being found: {tell(times)} (promised: 2 s)"


def search_while_building(site: Site, documents: Sequence[Document]) -> Iterator[str]:
    """Searches alone, beside two programs that only count, and beside a build and its merges."""
    index = open_index(site.index)
    chance = random.Random(9)
    texts = [_words(chance, documents, 2) for _ in range(2_000)]

    def ask_until(ended: Callable[[], bool]) -> str:
        times: list[float] = []
        while not ended():
            began = time.perf_counter()
            index.search(parse(texts[len(times) % len(texts)]))
            times.append((time.perf_counter() - began) * 1000)
        return f"{tell(times)} ({len(times):,} searches)"

    until = time.monotonic() + 10
    yield f"searches alone: {ask_until(lambda: time.monotonic() > until)}"
    count = ("-c", "while True: pass")
    with site.running(*count), site.running(*count):
        until = time.monotonic() + 10
        yield f"searches beside two that count: {ask_until(lambda: time.monotonic() > until)}"
    with site.running("manage.py", "index", "--rebuild") as build:
        yield f"searches beside a build: {ask_until(lambda: build.poll() is not None)}"


def tell(times: list[float]) -> str:
    """The middle, the 95th of a hundred and the longest, in milliseconds."""
    ordered = sorted(times)
    middle, late = len(ordered) // 2, len(ordered) * 95 // 100
    return f"p50 {ordered[middle]:.1f} ms, p95 {ordered[late]:.1f}, longest {ordered[-1]:.1f}"


def main() -> None:
    """Print a line for each figure."""
    if not REAL_PAPERS.exists():
        sys.exit("The real papers (../shared/data) are not here.")
    parser = argparse.ArgumentParser(description="Measure the site's search on real papers.")
    parser.add_argument("--papers", type=int, default=PAPERS)
    for line in measure(parser.parse_args().papers):
        print(line, flush=True)


if __name__ == "__main__":
    main()
