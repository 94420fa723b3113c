"""The web server: `python -m coolpapers.web` serves pages on HOST and PORT until told to stop.

Granian rather than gunicorn, by measurement (two workers, sixteen clients, one machine): 1.5 times
the requests a second at about the same memory, and clients that send or read slowly hold up
nobody, so it needs no proxy in front to survive them.
"""

import os
import sys

from coolpapers import environment


def command() -> list[str]:
    """The server's command line, from HOST, PORT and COOLPAPERS_WEB_WORKERS."""
    options = {
        "interface": "wsgi",
        "host": environment.text("HOST", "127.0.0.1"),
        "port": environment.integer("PORT", 8000, 1, 65535),
        "workers": environment.integer("COOLPAPERS_WEB_WORKERS", 2, 1, 64),
        # As many as a process has database connections (settings).
        "blocking-threads": 4,
        "http": 1,
        "workers-kill-timeout": 4,
        "log-level": "warning",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    flags = ["--no-ws", "--respawn-failed-workers"]
    return [sys.executable, "-m", "granian", *words, *flags, "coolpapers.wsgi:application"]


if __name__ == "__main__":
    os.execv(sys.executable, command())  # noqa: S606 - the words are written above
