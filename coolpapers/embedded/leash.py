"""Ties a child process to its parent: the kernel signals the child when the parent dies.

Linux only (prctl(2)); elsewhere the leash is a no-op and the locks and records of the keeper and
the supervisor find what was left.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1
# Looked up before any fork: a child between fork and exec had better not load libraries.
_prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None


def leash(parting: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn` that has the kernel send `parting` to the child when this process dies.

    It must be called for from a thread that lives as long as the process: the kernel watches the
    thread. It runs after a change of user, which would undo it.
    """
    parent = os.getpid()

    def tie() -> None:
        if _prctl is not None:
            _prctl(_PR_SET_PDEATHSIG, int(parting), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return tie


def started_at(pid: int) -> str | None:
    """When a process began, in the kernel's ticks: with the number it names one process for good.

    None when there is no such process, or when it is dead and only waits to be buried.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]
