"""`python -m coolpapers.preparation`: what a release does once before it serves pages.

Compiles the translations, brings the database's tables up to date and puts the static files,
fingerprinted and compressed, in place. Safe to run again and quick when there is nothing to do. In
one process, since loading Django twice is most of a second start's time.
"""

import hashlib
import json
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from coolpapers.messages import compile_messages


class NewerDatabaseError(Exception):
    """The database was brought up to date by a newer release; one line that says what to do."""


def migrate() -> None:
    """Apply what this release's migrations add; NewerDatabaseError when it lacks some of them."""
    executor = MigrationExecutor(connection)
    loader = executor.loader
    ours = loader.migrated_apps
    unknown = sorted(
        f"{app}.{name}"
        for app, name in set(loader.applied_migrations) - set(loader.disk_migrations)
        if app in ours and (app, name) not in loader.replacements
    )
    if unknown:
        raise NewerDatabaseError(
            f"the database is of a newer release (it has {unknown[0]}, which this one has not): "
            "use that release, or set COOLPAPERS_VAR or DATABASE_URL to another database."
        )
    if missing := executor.migration_plan(loader.graph.leaf_nodes()):
        print(f"Bringing the database up to date: {len(missing)} migrations.")  # noqa: T201
        call_command("migrate", interactive=False, verbosity=0)
    else:
        # What a release keeps in tables without a migration (the taxonomy) follows this signal.
        emit_post_migrate_signal(verbosity=0, interactive=False, db=DEFAULT_DB_ALIAS)


def collect_static() -> None:
    """Put the static files in place unless they are, as sizes and times of their sources say."""
    stamp = Path(settings.STATIC_ROOT) / ".sources"
    sources = _describe_sources()
    if stamp.exists() and stamp.read_text() == sources:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(sources)


def _describe_sources() -> str:
    lines = [django.__version__, json.dumps(settings.STORAGES, sort_keys=True, default=str)]
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = os.stat(storage.path(name))  # noqa: PTH116 - a Path for each is slower
            lines.append(f"{name} {status.st_size} {status.st_mtime_ns}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest() + "\n"


def main() -> int:
    """Prepare; 0, or 1 with one line that says what is wrong."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coolpapers.settings")
    try:
        compile_messages()
        django.setup()
        migrate()
        collect_static()
    except (NewerDatabaseError, OperationalError, OSError) as error:
        print(f"coolpapers: {' '.join(str(error).split())}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
