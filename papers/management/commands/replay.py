"""`manage.py replay DIR`: play arXiv from a folder of papers, for development and demonstrations.

Needs no database and no setting. The server itself is `papers.arxiv.replay`.
"""

import signal
import threading
from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import date
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from papers.arxiv.replay import (
    Collection,
    CollectionError,
    Fault,
    FaultSpecError,
    LoggedRequest,
    RandomFaults,
    ReplayServer,
)


class Command(BaseCommand):
    """Runs in the foreground until Ctrl-C or SIGTERM; the exit status is then 0."""

    help = "Answer as arXiv would, from a folder of YYYY-MM-DD.jsonl.gz files."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What may be given on the command line."""
        parser.add_argument("folder", metavar="DIR", help="a file a listing date, a paper a line")
        parser.add_argument("--port", type=int, default=8089, help="0 for any free one (8089)")
        parser.add_argument("--host", default="127.0.0.1", help="loopback only (127.0.0.1)")
        when = parser.add_mutually_exclusive_group()
        when.add_argument(
            "--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the last day by default"
        )
        when.add_argument("--clock", action="store_true", help="follow COOLPAPERS_CLOCK")
        parser.add_argument(
            "--fault",
            action="append",
            default=[],
            metavar="SPEC",
            help="KIND[=VALUE][@ROUTE[/KEY]][*COUNT][+AFTER], for example 503=20@rss/cs.AI*2",
        )
        parser.add_argument("--seed", type=int, default=0, help="of the faults at random")
        parser.add_argument(
            "--fault-rate", type=float, default=0.0, help="share of requests with a fault"
        )
        parser.add_argument(
            "--pdf-bytes", type=int, default=0, help="pad PDFs to about this size (small)"
        )

    def handle(self, **options: Any) -> None:
        """Load, listen, wait. CommandError for a bad folder, fault, host or port."""
        try:
            server = self._make_server(options)
            server.start()
        except (CollectionError, FaultSpecError, OSError, ValueError) as error:
            raise CommandError(str(error)) from None
        asked_to_stop = threading.Event()

        def stop(_number: int, _frame: FrameType | None) -> None:
            asked_to_stop.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        self._greet(server)
        # A wait without an end would not let signals through on every platform.
        while not asked_to_stop.wait(timeout=1):
            pass
        server.stop()

    def _make_server(self, options: Mapping[str, Any]) -> ReplayServer:
        collection = Collection.load(options["folder"])
        for bad in collection.refused:
            self.stderr.write(f"refused {bad}")
        rate = options["fault_rate"]
        server = ReplayServer(
            collection,
            "clock" if options["clock"] else options["today"],
            host=options["host"],
            port=options["port"],
            pdf_bytes=options["pdf_bytes"],
            random_faults=RandomFaults(options["seed"], rate) if rate else None,
            on_request=self._log if options["verbosity"] >= 2 else None,
        )
        for spec in options["fault"]:
            server.add_fault(Fault.parse(spec))
        return server

    def _greet(self, server: ReplayServer) -> None:
        days = server.collection.days
        papers = len(server.collection.current(days[-1]))
        self.stdout.write(
            f"Playing arXiv at {server.url}: {papers} papers, {days[0]} to {days[-1]}"
        )
        for name, value in (
            ("ARXIV_RSS_URL", server.rss_url),
            ("ARXIV_API_URL", server.api_url),
            ("ARXIV_OAI_URL", server.oai_url),
            ("ARXIV_PDF_URL", server.pdf_url),
        ):
            self.stdout.write(f"export {name}={value}")
        self.stdout.flush()

    def _log(self, request: LoggedRequest) -> None:
        fault = f" [{request.fault}]" if request.fault else ""
        self.stdout.write(
            f"{request.clock_time:%Y-%m-%d %H:%M:%S} {request.status or 'reset'} "
            f"{request.method} {request.target} {request.size} bytes "
            f"{request.seconds * 1000:.0f} ms{fault}"
        )
        self.stdout.flush()
