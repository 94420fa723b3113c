"""Static files get names that tell their contents, and scripts import each other by them."""

import re
from pathlib import Path

from django.core.management import call_command
from pytest_django import Settings


def test_every_script_imports_others_by_names_that_never_change_their_meaning(
    tmp_path: Path, settings: Settings
) -> None:
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=["pdfjs"])
    named = list((tmp_path / "js").glob("*.*.js"))
    assert named
    for path in named:
        for imported in re.findall(r"(?:from|import\() ?\"([^\"]+)\"", path.read_text()):
            assert re.search(r"\.[0-9a-f]{12}\.js$", imported), (path.name, imported)
    # What pages ask for is compressed, and nothing else is.
    assert all(path.with_name(f"{path.name}.br").exists() for path in named)
    assert not list((tmp_path / "js").glob("keys.js.*"))
