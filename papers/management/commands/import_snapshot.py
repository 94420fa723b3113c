"""`manage.py import_snapshot FILE`: all of arXiv's history from its metadata snapshot."""

import signal
import sys
import time
from argparse import ArgumentParser
from concurrent.futures.process import BrokenProcessPool
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, OutputWrapper

from papers.arxiv.records import Refusal
from papers.ingest.history.importer import (
    ImportRunningError,
    Progress,
    count_stored_lines,
    import_snapshot,
)
from papers.ingest.history.source import STANDARD_INPUT, UnreadableSnapshotError, open_source

REFUSALS_SHOWN = 200
_BAR = 30
# A terminal's line is written anew with each block, a log's line not oftener than this.
_LOG_SECONDS = 10.0


class Command(BaseCommand):
    help = (
        "Import a metadata snapshot of arXiv (JSON lines as on Kaggle, plain or gzip; - for "
        "standard input). Broken off, the same command goes on where it was; run again, it "
        "changes only what the file has newer."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument(
            "--restart",
            action="store_true",
            help="from the beginning, also where an import of this file was broken off",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = Report(self.stdout, self.stderr)
        before = signal.signal(signal.SIGTERM, _interrupt)
        try:
            with open_source(options["file"]) as source:
                try:
                    result = import_snapshot(
                        source,
                        restart=options["restart"],
                        on_progress=report.show,
                        on_refusals=report.refuse,
                    )
                except KeyboardInterrupt:
                    report.end_line()
                    stored = count_stored_lines(source)
                    same = " with the same input" if options["file"] == STANDARD_INPUT else ""
                    self.stderr.write(
                        f"Stopped. {stored:,} lines are stored; the same command{same} goes on "
                        "there."
                    )
                    sys.exit(128 + signal.SIGINT)
        except (UnreadableSnapshotError, ImportRunningError) as error:
            report.end_line()
            raise CommandError(f"{error}.") from error
        except BrokenProcessPool as error:
            report.end_line()
            raise CommandError("The parsing process was killed; run the command again.") from error
        finally:
            signal.signal(signal.SIGTERM, before)
        report.summarize(result)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


class Report:
    """Tells how an import goes: a bar on a terminal, plain lines elsewhere; refusals at once."""

    def __init__(self, out: OutputWrapper, err: OutputWrapper) -> None:
        self._out = out
        self._err = err
        self._on_terminal = out.isatty()
        self._begun = self._shown = time.monotonic()
        # Share and time at the first block: how long the rest takes is told by what follows it.
        self._first: tuple[float, float] | None = None
        self._refusals = 0
        self._open = False

    def show(self, progress: Progress) -> None:
        """Say where the import stands, if it is time to."""
        now = time.monotonic()
        if not progress.papers and not progress.refused:
            if progress.line:
                self._out.write(f"Going on after line {progress.line:,}.")
            return
        if self._first is None and progress.share is not None:
            self._first = (progress.share, now)
        if self._on_terminal:
            self._out.write(f"\r{self._draw(progress, now)}\x1b[K", ending="")
            self._out.flush()
            self._open = True
        elif now - self._shown >= _LOG_SECONDS:
            self._out.write(self._describe(progress, now))
            self._out.flush()
            self._shown = now

    def refuse(self, refusals: tuple[Refusal, ...]) -> None:
        """Name bad lines, the first ones each with its reason."""
        shown = refusals[: max(0, REFUSALS_SHOWN - self._refusals)]
        if shown:
            self.end_line()
        for refusal in shown:
            name = f" ({refusal.identifier})" if refusal.identifier else ""
            self._err.write(f"line {refusal.position}{name} refused: {refusal.reason}")
        self._refusals += len(refusals)
        if shown and self._refusals >= REFUSALS_SHOWN:
            self._err.write("Further refusals are only counted.")

    def summarize(self, progress: Progress) -> None:
        """The last word: what the import did."""
        self.end_line()
        seconds = time.monotonic() - self._begun
        self._out.write(
            f"{progress.papers:,} papers in {_clock(seconds)} "
            f"({progress.papers / max(seconds, 0.001):,.0f} a second): {progress.new:,} new, "
            f"{progress.changed:,} changed, {progress.unchanged:,} unchanged, "
            f"{progress.refused:,} lines refused. {progress.listed:,} lines of listings made, "
            f"{progress.days:,} accounts of days written."
        )

    def end_line(self) -> None:
        """Leave the bar's line, so that what is written next stands on its own."""
        if self._open:
            self._out.write("")
            self._open = False

    def _draw(self, progress: Progress, now: float) -> str:
        if progress.share is None:
            return self._describe(progress, now)
        full = round(progress.share * _BAR)
        bar = "█" * full + "░" * (_BAR - full)
        return f"{bar} {progress.share:4.0%}  {self._describe(progress, now)}"

    def _describe(self, progress: Progress, now: float) -> str:
        elapsed = max(now - self._begun, 0.001)
        text = f"{progress.line:,} lines, {progress.papers / elapsed:,.0f} papers a second"
        if progress.refused:
            text += f", {progress.refused:,} refused"
        if progress.share is not None and self._first and progress.share > self._first[0]:
            share, then = self._first
            seconds = (now - then) * (1 - progress.share) / (progress.share - share)
            text += f", {_clock(seconds)} left"
        return text


def _clock(seconds: float) -> str:
    """`1:02:03` or `2:03`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
