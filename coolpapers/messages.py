"""Translations as gettext reads them: `locale/**/django.po`, compiled where they are needed.

The compiled files are not kept with the source. Nothing of Django belongs here: they have to be in
place before it starts.
"""

import os
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_messages() -> None:
    """Compile what has changed since it was compiled. Safe beside others that do the same; raises
    OSError where nothing can be written."""
    for source in LOCALE.rglob("*.po"):
        target = source.with_suffix(".mo")
        written = source.stat().st_mtime_ns
        if target.exists() and target.stat().st_mtime_ns == written:
            continue
        with source.open("rb") as lines:
            catalog = read_po(lines)
        _double_percents(catalog)
        number, name = tempfile.mkstemp(dir=target.parent, suffix=".tmp")
        try:
            with os.fdopen(number, "wb") as file:
                write_mo(file, catalog)
            Path(name).chmod(0o644)
            # The time of what it was made from, so that also an older source is seen to be another.
            os.utime(name, ns=(written, written))
            Path(name).replace(target)
        finally:
            Path(name).unlink(missing_ok=True)


def _double_percents(catalog: Catalog) -> None:
    """Have each message also as Django's template tag `translate` asks for it: `%` as `%%`."""
    for message in list(catalog):
        if isinstance(message.id, str) and "%" in message.id:
            catalog.add(message.id.replace("%", "%%"), str(message.string).replace("%", "%%"))


if __name__ == "__main__":
    compile_messages()
