"""What a browser is given to read without a network. How it does: tests/browser/test_offline.py."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

pytestmark = pytest.mark.usefixtures("reading")


def test_the_service_worker_stands_at_the_root_and_names_the_files_of_its_release(
    client: Client,
) -> None:
    response = client.get("/worker.js")
    assert response["Content-Type"].startswith("text/javascript")
    assert not response.cookies
    line, _, source = response.content.decode().partition("\n")
    release = json.loads(line.removeprefix("const RELEASE = ").removesuffix(";"))
    assert release["offline"] == ["/offline", "/zh/offline"]
    names = [address.removeprefix("/static/") for address in release["shell"]]
    assert [name for name in names if not finders.find(name)] == []
    assert "js/boot.js" in names
    assert "js/worker.js" not in names
    assert release["words"]["zh-hans"]["kinds"][0] == "新论文"
    assert "RELEASE.version" in source
    assert "worker-src 'self'" in response["Content-Security-Policy"]


def test_the_worker_is_another_one_when_a_file_is(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from papers.pages import offline

    one = offline.write_worker(["a page"])
    assert one == offline.write_worker(["a page"])
    assert one != offline.write_worker(["another page"])
    monkeypatch.setattr(offline, "static", lambda name: f"/static/{name}?2")
    assert one != offline.write_worker(["a page"])


@pytest.mark.parametrize(("prefix", "lang"), [("", "en"), ("/zh", "zh-hans")])
def test_the_site_can_stand_on_a_home_screen_in_its_language(
    client: Client, prefix: str, lang: str
) -> None:
    html = client.get(f"{prefix}/offline").content.decode()
    assert f'<html lang="{lang}"' in html
    assert 'content="noindex"' in html
    assert "data-copy>" not in html
    address = re.findall(r'<link rel="manifest" href="([^"]+)"', html)[0]
    app = json.loads(client.get(address).content)
    assert (app["lang"], app["start_url"]) == (lang, f"{prefix}/")
    assert all(finders.find(icon["src"].removeprefix("/static/")) for icon in app["icons"])
