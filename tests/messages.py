"""The strings that readers see, as they stand in code and templates now. Not what only
administrators see: the admin is in English."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from papers.arxiv import calendar, taxonomy
from papers.arxiv.identifiers import Fault
from papers.models import Announcement

ROOT = Path(__file__).resolve().parent.parent
_FUNCTIONS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
_NOT_FOR_READERS = (
    "papers/admin", "papers/apps.py", "papers/forms.py", "papers/ingest/", "papers/models/",
    "templates/admin/",
)  # fmt: skip
_TAG = re.compile(r"""\{%\s*translate\s+("([^"]*)"|'([^']*)')|_\("([^"]*)"\)""")

Message = tuple[str, str]
"""A string and its plural, which may be empty."""


def find_messages() -> dict[Message, list[str]]:
    """Every string for readers, and the files it stands in."""
    found: dict[Message, list[str]] = {}
    for path in sorted([*(ROOT / "papers").rglob("*.py"), *(ROOT / "templates").rglob("*.*ml")]):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(_NOT_FOR_READERS):
            continue
        text = path.read_text()
        if "{% blocktrans" in text:
            raise AssertionError(f"{name}: blocktranslate is not read here; use translate")
        for message in _read_code(text) if path.suffix == ".py" else _read_template(text):
            files = found.setdefault(message, [])
            if name not in files:
                files.append(name)
    for text, name in _list_facts():
        found.setdefault((text, ""), []).append(name)
    return found


def _list_facts() -> Iterator[tuple[str, str]]:
    """What stands in tables and is translated where it is shown."""
    for kind in Announcement.KindChoice:
        yield str(kind.label), "papers/models/days.py"
    names = [archive.name for archive in taxonomy.ARCHIVES.values()]
    for name in [*names, *(category.name for category in taxonomy.CATEGORIES.values())]:
        yield name, "papers/arxiv/taxonomy.py"
    for holiday in calendar.HOLIDAYS.values():
        if holiday != calendar.DEFERRED:
            yield holiday, "papers/arxiv/calendar.py"
    for fault in Fault:
        yield fault.value, "papers/arxiv/identifiers.py"


def _read_code(text: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id not in _FUNCTIONS:
            continue
        parts = [one.value for one in node.args[:2] if isinstance(one, ast.Constant)]
        if parts and isinstance(parts[0], str):
            yield parts[0], str(parts[1]) if node.func.id.startswith("ngettext") else ""


def _read_template(text: str) -> Iterator[Message]:
    for match in _TAG.finditer(text):
        yield next(group for group in match.groups()[1:] if group is not None), ""
