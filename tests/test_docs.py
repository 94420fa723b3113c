"""The documents tell the truth about the tree."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
COMMANDS = ROOT / "papers" / "management" / "commands"


def read(*paths: Path) -> str:
    return "\n".join(path.read_text() for path in paths)


def test_every_path_that_the_map_of_rooms_names_exists() -> None:
    named = re.findall(r"`([\w./]+(?:/|\.py|\.html|\.css|\.md))`", read(ROOT / "ARCHITECTURE.md"))
    top = {path.name for path in ROOT.iterdir()}
    paths = [name for name in named if name.split("/")[0] in top]
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_setting_is_in_the_example_and_every_line_there_is_a_setting() -> None:
    source = read(*(ROOT / "coolpapers").rglob("*.py"))
    read_names = set(
        re.findall(
            r"environment\.(?:text|boolean|number|integer|choice|words|url|path|moment|networks|mail_server)"
            r'\(\s*"([A-Z_]+)"',
            source,
        )
    )
    lines = set(re.findall(r"^#?\s?([A-Z][A-Z_]+)=", read(ROOT / ".env.example"), re.MULTILINE))
    # Set by the supervisor for its children, not by people.
    internal = {"COOLPAPERS_CLOCK_ANCHOR"}
    assert read_names - lines - internal == set()
    assert lines - read_names - {"POSTGRES_PASSWORD"} == set()


def test_every_command_is_in_the_documents() -> None:
    commands = {path.stem for path in COMMANDS.glob("*.py")} - {"__init__"}
    texts = read(*DOCUMENTS)
    assert {name for name in commands if not re.search(rf"\b{name}\b", texts)} == set()


def test_every_migration_says_why_it_is_there() -> None:
    migrations = list((ROOT / "papers" / "migrations").glob("0*.py"))
    assert migrations
    assert [p.name for p in migrations if not p.read_text().startswith('"""')] == []
