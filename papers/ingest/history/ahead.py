"""Parsing on another core, a bounded number of blocks ahead of whoever stores them.

Loaded by the parsing process too, so nothing of Django is imported here.
"""

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import date
from itertools import islice

from papers.ingest.history.lines import Parsed, parse_block
from papers.ingest.history.source import Block

# How many blocks are parsed or waiting to be stored: enough that neither side waits for the other.
_AHEAD = 3


def parse_ahead(
    blocks: Iterator[Block], holidays: Mapping[date, str]
) -> Iterator[tuple[Block, Parsed]]:
    """Each block with what its lines say, in order, parsed by another process meanwhile.

    Raises BrokenProcessPool when that process is killed. Close the iterator to end it early.
    """
    parser = ProcessPoolExecutor(
        1, mp_context=multiprocessing.get_context("spawn"), initializer=_prepare_process
    )
    waiting: deque[tuple[Block, Future[Parsed]]] = deque()

    def submit(count: int) -> None:
        for block in islice(blocks, count):
            waiting.append((block, parser.submit(parse_block, block.text, block.line, holidays)))

    try:
        submit(_AHEAD)
        while waiting:
            block, parsed = waiting.popleft()
            result = parsed.result()
            submit(1)
            yield block, result
    finally:
        parser.shutdown(cancel_futures=True)


def _prepare_process() -> None:
    """In the parsing process: leave Ctrl-C to the parent, and end when it ends, however it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Records form no cycles, and looking for some takes a seventh of the time.
    gc.disable()
    parent = multiprocessing.parent_process()
    assert parent is not None

    def follow() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
