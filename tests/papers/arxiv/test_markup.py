import pytest

from papers.arxiv import markup
from papers.arxiv.errors import Final, MalformedAnswer, OversizedAnswer


def test_an_answer_above_fifty_megabytes_is_refused_for_good() -> None:
    with pytest.raises(OversizedAnswer) as caught:
        markup.clean_body(b" " * (markup.LARGEST_BODY + 1))
    assert isinstance(caught.value, Final)


def test_an_answer_of_nothing_but_tags_is_refused_before_it_fills_the_memory() -> None:
    with pytest.raises(OversizedAnswer, match="tags"):
        markup.clean_body(b"<a/>" * 3_000_000)


def test_control_characters_are_removed_and_text_is_not() -> None:
    assert markup.clean_body("<a>\x00é\x0b\n</a>".encode()) == "<a>é\n</a>".encode()


def test_other_encodings_than_utf_8_are_refused() -> None:
    with pytest.raises(MalformedAnswer, match="UTF-8"):
        markup.clean_body("<a/>".encode("utf-16"))


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><a/>',
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    ],
)
def test_no_document_type_is_read(body: bytes) -> None:
    with pytest.raises(MalformedAnswer, match="document type"):
        markup.parse_markup(body)


def test_mending_keeps_places_and_empties_only_what_is_broken() -> None:
    body = b"<r><i>1</i><i>2 & 3</i><i>4</i></r>"
    mended = markup.mend_body(body, "i", {"r": "</r>"})
    assert mended.body == b"<r><i>1</i><i></i><i>4</i></r>"
    assert list(mended.broken) == [1]
    assert not mended.cut


def test_mending_closes_what_was_cut() -> None:
    mended = markup.mend_body(b"<r><i>1</i><i>2</i><i>3", "i", {"r": "</r>"})
    assert mended.body == b"<r><i>1</i><i>2</i></r>"
    assert mended.cut


@pytest.mark.parametrize("body", [b"<r><", b"plain", b"<r></r", b"<x><i>1</i>&</x>"])
def test_what_cannot_be_mended_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedAnswer):
        markup.mend_body(body, "i", {"r": "</r>"})
