"""How many formulas of a file of papers are shown as maths, and why the rest are not."""

import gzip
import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from papers import maths
from papers.arxiv.text import decode_text


class Command(BaseCommand):
    help = (
        "Convert every formula in the titles and abstracts of FILE (a paper a line as JSON, also "
        "gzip), and list what is not converted by cause, most frequent first. Touches no database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--most", type=int, default=50, help="causes to list (default 50)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            total = whole = kept = 0
            names: Counter[str] = Counter()
            causes: Counter[str] = Counter()
            examples: dict[str, str] = {}
            for segment in _read_formulas(options["file"]):
                total += 1
                found = maths.explain(segment.content, segment.kind == "display")
                if not found.startswith("<math"):
                    causes[found] += 1
                    examples.setdefault(found, segment.source)
                elif unknown := maths.list_unknown(found):
                    kept += 1
                    names.update(set(unknown))
                else:
                    whole += 1
        except (OSError, ValueError) as error:
            raise CommandError(f"{options['file']} cannot be read: {error}") from error
        if not total:
            raise CommandError(f"There is no formula in {options['file']}.")
        source = total - whole - kept
        self.stdout.write(
            f"{total:,} formulas: {(whole + kept) / total:.2%} converted, of these\n"
            f"{whole:>9,} {whole / total:7.2%}  whole\n"
            f"{kept:>9,} {kept / total:7.2%}  but for a name of unknown meaning, kept as written\n"
            f"and {source:,} ({source / total:.2%}) shown as source.\n\n"
            f"Shown as source, by cause ({len(causes):,} causes):"
        )
        for cause, count in causes.most_common(options["most"]):
            self.stdout.write(f"{count:>9,}  {cause}  {_shorten(examples[cause])}")
        self.stdout.write(f"\nNames kept as written ({len(names):,}):")
        for name, count in names.most_common(options["most"]):
            self.stdout.write(f"{count:>9,}  {name}")


def _read_formulas(path: Path) -> Iterator[maths.Segment]:
    with path.open("rb") as start:
        packed = start.read(2) == b"\x1f\x8b"
    with (gzip.open if packed else open)(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            paper = json.loads(line)
            for text in (paper.get("title"), paper.get("abstract")):
                for segment in maths.split(decode_text(text or "")):
                    if segment.kind != "text":
                        yield segment


def _shorten(source: str) -> str:
    source = " ".join(source.split())
    return source if len(source) <= 60 else source[:59] + "…"
