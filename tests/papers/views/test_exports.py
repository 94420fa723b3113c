"""Feeds and exports, through their addresses."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from papers import documents
from papers.arxiv.records import Kind
from papers.models import Paper
from tests.papers.conftest import StandingClock
from tests.papers.factory import (
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    announce,
    make_record,
    make_records,
    store,
)

pytestmark = pytest.mark.usefixtures("reading")


@pytest.fixture
def own_index(tmp_path: Path, settings: Settings) -> None:
    settings.COOLPAPERS_INDEX = tmp_path / "index"
    documents.index.cache_clear()


def get(client: Client, address: str, status: int = 200, **headers: str) -> Any:
    response = client.get(address, headers=headers)
    assert response.status_code == status, address
    return response


def read_json(client: Client, address: str, status: int = 200) -> dict[str, Any]:
    response = get(client, address, status)
    assert response["Content-Type"] == "application/json; charset=utf-8"
    found: dict[str, Any] = json.loads(response.content)
    return found


def read_feed(client: Client, address: str) -> Any:
    response = get(client, address)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    found = feedparser.parse(response.content)
    assert not found.bozo
    return found


def ids(found: Any) -> list[str]:
    return [entry.id.removeprefix("https://arxiv.org/abs/") for entry in found.entries]


def test_a_feed_has_the_whole_latest_day_but_no_replacements(client: Client) -> None:
    announce(TUESDAY, "cs.AI", make_records(1, first=900))
    announce(WEDNESDAY, "cs.AI", make_records(30))
    announce(WEDNESDAY, "cs.AI", make_records(2, "cs.CL", first=31), Kind.CROSS)
    announce(WEDNESDAY, "cs.AI", make_records(2, first=33), Kind.REPLACE)
    found = read_feed(client, "/arxiv/cs.AI/feed")
    assert ids(found) == [f"2608.{n:05}" for n in range(1, 33)]
    assert [tag.term for tag in found.entries[-1].tags] == ["cs.CL", "cross"]
    assert found.feed.id == "http://testserver/arxiv/cs.AI/feed"
    links = {link.rel: link.href for link in found.feed.links}
    assert links["alternate"] == "http://testserver/arxiv/cs.AI"


def test_an_entry_is_published_when_announced_and_updated_when_replaced(client: Client) -> None:
    submitted = datetime(2026, 7, 1, tzinfo=UTC)
    record = make_record("2608.00001", submitted_at=submitted, updated_at=submitted)
    announce(MONDAY, "cs.AI", [record])
    before = read_feed(client, "/arxiv/cs.AI/feed").entries[0]
    # Monday's listing is announced on Sunday at 20:00 in New York.
    assert before.published == before.updated == "2026-08-10T00:00:00Z"
    replaced = make_record("2608.00001", version=2, submitted_at=submitted, updated_at=submitted)
    announce(WEDNESDAY, "cs.AI", [replaced], Kind.REPLACE)
    after = read_feed(client, "/arxiv/2608.00001/feed").entries[0]
    assert (after.id, after.published) == (before.id, before.published)
    assert after.updated == "2026-08-12T00:00:00Z"


def test_a_union_has_a_feed_with_a_paper_once(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(2))
    announce(WEDNESDAY, "cs.CL", make_records(2), Kind.CROSS)
    assert ids(read_feed(client, "/arxiv/cs.AI,cs.CL/feed")) == ["2608.00001", "2608.00002"]
    assert ids(read_feed(client, "/arxiv/cs.AI-cs.CL/feed")) == ["2608.00001", "2608.00002"]


def test_a_day_without_papers_has_an_empty_feed(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", [])
    assert ids(read_feed(client, "/arxiv/cs.AI/feed")) == []


def test_a_reader_that_has_it_all_is_told_so(client: Client, reading: StandingClock) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(1))
    first = get(client, "/arxiv/cs.AI/feed")
    etag, made = first["ETag"], first["Last-Modified"]
    reading.time += timedelta(minutes=1)
    assert get(client, "/arxiv/cs.AI/feed", 304, if_none_match=etag).content == b""
    assert get(client, "/arxiv/cs.AI/feed", 304, if_modified_since=made).content == b""
    announce(WEDNESDAY, "cs.AI", make_records(1, first=2))
    assert get(client, "/arxiv/cs.AI/feed", if_none_match=etag)["ETag"] != etag
    again = get(client, "/arxiv/cs.AI/feed", if_modified_since=made)
    assert again["Last-Modified"] != made


def test_a_form_is_public_cached_and_in_no_search_engine(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(1))
    for form in ("/feed", ".json", ".bib", ".ris"):
        response = get(client, f"/arxiv/cs.AI{form}")
        assert response["Cache-Control"].startswith("public, max-age=60")
        assert response["X-Robots-Tag"] == "noindex"
        assert "Cookie" not in response["Vary"]
        assert not response.cookies


def test_files_are_named_after_what_they_hold(client: Client) -> None:
    announce(WEDNESDAY, "math-ph", make_records(1, "math-ph"))
    store(make_record("hep-th/9901001", "hep-th"))
    for address, name in (
        ("/arxiv/math-ph.bib", 'attachment; filename="math-ph-2026-08-12.bib"'),
        ("/arxiv/math-ph.json", 'inline; filename="math-ph-2026-08-12.json"'),
        ("/arxiv/hep-th/9901001.ris", 'attachment; filename="hep-th-9901001.ris"'),
    ):
        assert get(client, address)["Content-Disposition"] == name


def test_bibtex_and_ris_have_the_whole_list_or_the_part_that_is_named(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(30))
    announce(WEDNESDAY, "cs.AI", make_records(1, first=31), Kind.REPLACE)
    assert get(client, "/arxiv/cs.AI.bib").content.count(b"@misc{") == 31
    assert get(client, "/arxiv/cs.AI.ris").content.count(b"TY  - ") == 31
    assert get(client, "/arxiv/cs.AI.bib?show=2&skip=29").content.count(b"@misc{") == 2
    assert get(client, "/arxiv/cs.AI.bib?date=2026-08-12").content.count(b"@misc{") == 31


def test_a_paper_has_its_forms(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", [make_record("2608.00001", version=2, doi="10.1000/x")])
    bib = get(client, "/arxiv/2608.00001.bib").content.decode()
    assert bib.startswith("@misc{lovelace2026matter,")
    assert "doi = {10.1000/x}" in bib
    assert get(client, "/arxiv/2608.00001.ris").content.startswith(b"TY  - UNPB\r\n")
    found = read_json(client, "/arxiv/2608.00001.json")
    assert (found["id"], found["version"]) == ("2608.00001", 2)
    assert found["announcements"][0]["date"] == "2026-08-12"


def test_a_version_is_cited_as_itself(client: Client) -> None:
    store(make_record("2608.00001", title="The first title"))
    store(make_record("2608.00001", version=2, title="The second title"))
    bib = get(client, "/arxiv/2608.00001v1.bib").content.decode()
    assert "url = {https://arxiv.org/abs/2608.00001v1}" in bib
    assert "first title" in bib
    assert read_json(client, "/arxiv/2608.00001v1.json")["version"] == 1
    get(client, "/arxiv/2608.00001v3.bib", 404)


def test_json_of_a_list_goes_in_parts(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(30), missing=["2608.00099v1"])
    found = read_json(client, "/arxiv/cs.AI.json")
    assert (found["kind"], found["total"], found["count"], found["skip"]) == ("listing", 30, 25, 0)
    assert (found["first"], found["complete"]) == ("2026-08-12", False)
    assert found["days"][0]["announced"] == 31
    assert found["papers"][0]["announced"] == {"date": "2026-08-12", "kind": "new", "version": 1}
    rest = read_json(client, found["next"].removeprefix("http://testserver"))
    assert (rest["count"], rest["skip"], rest["next"]) == (5, 25, None)


def test_a_hand_picked_list_has_its_forms_and_names_what_is_missing(client: Client) -> None:
    store(*make_records(3))
    address = "/arxiv/2608.00003,2608.00001,2608.00009"
    found = read_json(client, f"{address}.json")
    assert [paper["id"] for paper in found["papers"]] == ["2608.00003", "2608.00001"]
    assert found["missing"] == ["2608.00009"]
    assert ids(read_feed(client, f"{address}/feed")) == ["2608.00003", "2608.00001"]
    twice = get(client, "/arxiv/2608.00001,2608.00001v1.bib").content
    assert twice.count(b"@misc{") == 1


def test_hidden_papers_are_in_no_form(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(2))
    Paper.objects.filter(identifier="2608.00001").update(hidden=True)
    assert ids(read_feed(client, "/arxiv/cs.AI/feed")) == ["2608.00002"]
    assert b"2608.00001" not in get(client, "/arxiv/cs.AI.bib").content
    get(client, "/arxiv/2608.00001.bib", 404)


@pytest.mark.usefixtures("own_index")
def test_a_search_has_a_feed_of_the_newest_and_json_of_the_best(client: Client) -> None:
    store(
        *(
            make_record(
                f"2608.{n:05}",
                title=f"Quantum lattice {n}",
                submitted_at=datetime(2026, 8, n, tzinfo=UTC),
            )
            for n in range(1, 5)
        )
    )
    get(client, "/arxiv/search/feed?query=quantum", 503)
    call_command("index", "--rebuild")
    found = read_feed(client, "/arxiv/search/feed?query=quantum")
    assert ids(found) == ["2608.00004", "2608.00003", "2608.00002", "2608.00001"]
    assert found.feed.link == "http://testserver/arxiv/search?query=quantum"
    answer = read_json(client, "/arxiv/search.json?query=quantum+lattice&show=3")
    assert (answer["kind"], answer["query"], answer["total"]) == ("search", "quantum lattice", 4)
    assert answer["next"].endswith("/arxiv/search.json?query=quantum+lattice&show=3&skip=3")
    assert get(client, "/arxiv/search.bib?query=quantum").content.count(b"@misc{") == 4


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/arxiv/cs.XX{}", 404),
        ("/arxiv/cs.AI{}?date=yesterday", 400),
        ("/arxiv/cs.AI{}?date=2030-01-01", 404),
        ("/arxiv/2613.00001{}", 404),
        ("/arxiv/search{}", 400),
    ],
)
@pytest.mark.usefixtures("own_index")
def test_a_wrong_address_says_what_is_wrong(client: Client, address: str, status: int) -> None:
    call_command("index", "--rebuild")
    for form in ("/feed", ".bib", ".ris"):
        get(client, address.format(form), status)
    problem = read_json(client, address.format(".json"), status)
    assert (problem["kind"], problem["status"]) == ("problem", status)
    assert problem["title"]


def test_there_is_one_address_for_a_form(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(1))
    for asked, canonical in (
        ("/arxiv/cs.ai.bib?date=2026-08-12", "/arxiv/cs.AI.bib?date=2026-08-12"),
        ("/arxiv/CS.AI/feed", "/arxiv/cs.AI/feed"),
    ):
        response: HttpResponse = get(client, asked, 301)
        assert response["Location"] == canonical


def test_pages_announce_their_forms(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(2))

    def links(address: str) -> list[str]:
        html = get(client, address).content.decode()
        return re.findall(
            r'<link rel="alternate" type=[^>]* href="([^"]*)"', " ".join(html.split())
        )

    assert links("/arxiv/cs.AI") == [
        "/arxiv/cs.AI/feed",
        "/arxiv/cs.AI.json",
        "/arxiv/cs.AI.bib",
        "/arxiv/cs.AI.ris",
    ]
    dated = links("/arxiv/cs.AI?date=2026-08-12&show=1&skip=1")
    assert dated[0] == "/arxiv/cs.AI/feed"
    assert dated[2] == "/arxiv/cs.AI.bib?date=2026-08-12"
    assert links("/arxiv/2608.00001") == [
        "/arxiv/2608.00001.json",
        "/arxiv/2608.00001.bib",
        "/arxiv/2608.00001.ris",
    ]
    assert links("/arxiv/2608.00001,2608.00002")[0] == "/arxiv/2608.00001,2608.00002/feed"
    for address in ("/arxiv/cs.AI", "/arxiv/2608.00001", "/arxiv/2608.00001,2608.00002"):
        for link in links(address):
            get(client, link)
    assert links("/") == []


@pytest.mark.parametrize("form", ["/feed", ".json", ".bib", ".ris"])
def test_the_number_of_queries_does_not_grow_with_the_list(
    client: Client, form: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    queries = 6 if form == "/feed" else 5
    announce(WEDNESDAY, "cs.AI", make_records(2))
    with django_assert_num_queries(queries):
        get(client, f"/arxiv/cs.AI{form}")
    announce(WEDNESDAY, "cs.AI", make_records(20, first=3))
    with django_assert_num_queries(queries):
        get(client, f"/arxiv/cs.AI{form}")
    with django_assert_num_queries(1):
        get(client, f"/arxiv/cs.AI{form}")


def test_samples_are_marked_in_every_form(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(1), source=Paper.Source.SAMPLE)
    assert read_feed(client, "/arxiv/cs.AI/feed").entries[0].title.startswith("[Sample] ")
    assert read_json(client, "/arxiv/cs.AI.json")["papers"][0]["sample"] is True
    assert b"A sample paper" in get(client, "/arxiv/cs.AI.bib").content
    assert b"A sample paper" in get(client, "/arxiv/cs.AI.ris").content
