#!/usr/bin/env python3
"""Django's command line. Where no database is named, a command uses the embedded ones: those of the
site that runs on the same `var/`, else it starts them for as long as it takes."""

import os
import sys
from contextlib import ExitStack
from pathlib import Path

from coolpapers import embedded, environment
from coolpapers.instance import read_shared

# These look at code, not at data.
WITHOUT_SERVICES = {
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "makemigrations",
    "replay",
    "version",
}


def needs_services(arguments: list[str]) -> bool:
    """Whether a command line (without the program's name) may ask PostgreSQL or Redis."""
    if not arguments or {"-h", "--help", "--version"} & set(arguments):
        return False
    return arguments[0] not in WITHOUT_SERVICES


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coolpapers.settings")
    with ExitStack() as stack:
        if needs_services(sys.argv[1:]):
            var = environment.path("COOLPAPERS_VAR", Path(__file__).resolve().parent / "var")
            for name, value in read_shared(var).items():
                os.environ.setdefault(name, value)
            wanted = {
                "postgres": not environment.text("DATABASE_URL"),
                "redis": not environment.text("REDIS_URL"),
            }
            if any(wanted.values()):
                try:
                    services = stack.enter_context(embedded.start(var, **wanted))
                except embedded.EmbeddedError as error:
                    sys.exit(f"coolpapers: {error}")
                os.environ.update(services.environment)
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
