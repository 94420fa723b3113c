"""Every string that a reader sees is there in every language."""

import os
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.template import engines
from django.utils import translation

from coolpapers import messages
from tests.messages import find_messages

CATALOGS = sorted(messages.LOCALE.rglob("*.po"))
PLACES = re.compile(r"%\(\w+\)s|%d|%%")


@pytest.fixture(params=CATALOGS, ids=lambda path: path.parent.parent.name)
def catalog(request: pytest.FixtureRequest) -> Catalog:
    path: Path = request.param
    with path.open("rb") as lines:
        return read_po(lines)


def translations_of(catalog: Catalog) -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for message in catalog:
        if not message.id:
            continue
        one, many = message.id if isinstance(message.id, tuple) else (str(message.id), "")
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        found[str(one), str(many)] = tuple(str(text) for text in texts)
    return found


def test_there_is_chinese() -> None:
    assert [path.parent.parent.name for path in CATALOGS] == ["zh_Hans"]


def test_no_string_is_untranslated_and_none_is_left_over(catalog: Catalog) -> None:
    wanted, there = find_messages(), translations_of(catalog)
    untranslated = {message: files for message, files in wanted.items() if message not in there}
    assert untranslated == {}
    assert set(there) - set(wanted) == set()
    assert [message for message, texts in there.items() if not all(texts)] == []


def test_none_is_fuzzy(catalog: Catalog) -> None:
    assert [message.id for message in catalog if message.id and message.fuzzy] == []


def test_what_is_filled_in_is_filled_in_everywhere(catalog: Catalog) -> None:
    for (one, many), texts in translations_of(catalog).items():
        for text in texts:
            assert set(PLACES.findall(text)) == set(PLACES.findall(many or one)), one


def test_templates_find_also_what_has_places_to_fill_in() -> None:
    source = '{% load i18n %}{% translate "%(shown)s of %(total)s shown" %}'
    page = engines["django"].from_string(source)
    with translation.override("zh-hans"):
        assert page.render({}) == translation.gettext("%(shown)s of %(total)s shown") != source
        assert "shown" not in page.render({}).replace("%(shown)s", "")


def test_compiling_again_changes_nothing_and_an_edit_is_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "xx" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source, compiled = folder / "django.po", folder / "django.mo"
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n')
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    messages.compile_messages()
    first = compiled.stat().st_mtime_ns
    messages.compile_messages()
    assert compiled.stat().st_mtime_ns == first
    with source.open("a") as file:
        file.write('\nmsgid "word"\nmsgstr "字"\n')
    os.utime(source, ns=(first + 1_000_000, first + 1_000_000))
    messages.compile_messages()
    assert "字".encode() in compiled.read_bytes()
    assert [path.name for path in folder.iterdir() if path.suffix == ".tmp"] == []
