"""arXiv's OAI-PMH answers in the formats `arXiv` and `arXivRaw`, of today's server and the old one.

`arXivRaw` has every version with its time, and authors as one string; `arXiv` has authors in parts
with affiliations, but no version: its `created` is the current version's day on today's server and
the first one's on the old, so it is left unsaid. Harvest `arXivRaw` where dates matter.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from papers.arxiv import identifiers
from papers.arxiv.assembly import assemble_record, name_refused, read_time
from papers.arxiv.authors import make_author, split_authors
from papers.arxiv.errors import (
    BadResumptionToken,
    MalformedAnswer,
    RequestRefused,
    UnexpectedEmptyPage,
)
from papers.arxiv.markup import IllFormed, clean_body, mend_body, parse_markup
from papers.arxiv.records import Author, Page, PaperRecord, Refusal, VersionRecord

_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_FORMATS = ("{http://arxiv.org/OAI/arXivRaw/}", "{http://arxiv.org/OAI/arXiv/}")
# A version so marked has no content: the paper was withdrawn by it.
_NO_SOURCE = "I"


def parse(body: bytes) -> Page:
    """The records of a ListRecords or GetRecord answer; an empty page where nothing matches.

    `resumption_token` is as arXiv writes it, percent signs and all: whoever sends it encodes it
    once more, like any other value. It may repeat records that changed meanwhile. Identifiers of
    records marked as deleted are in `deleted`. Bad records, also those whose XML is broken, are
    refused alone. Raises `BadResumptionToken`, `RequestRefused` with arXiv's words,
    `UnexpectedEmptyPage` for a list without records, `MalformedAnswer`, `OversizedAnswer`.
    """
    body = clean_body(body)
    broken: dict[int, tuple[bytes, str]] = {}
    try:
        root = parse_markup(body)
    except IllFormed as error:
        mended = mend_body(body, "record", {"OAI-PMH": "</ListRecords></OAI-PMH>"})
        if mended.cut:
            raise MalformedAnswer(f"the answer is cut short ({error})") from error
        root, broken = parse_markup(mended.body), mended.broken
    if root.tag != f"{_OAI}OAI-PMH":
        raise MalformedAnswer("the answer is not OAI-PMH")
    for error_element in root.findall(f"{_OAI}error"):
        _raise_unless_empty(error_element)

    records: list[PaperRecord] = []
    refusals: list[Refusal] = []
    deleted: list[str] = []
    for position, record in enumerate(root.iter(f"{_OAI}record")):
        name = (record.findtext(f"{_OAI}header/{_OAI}identifier") or "").strip()
        try:
            if position in broken:
                raise ValueError(broken[position][1])
            header = record.find(f"{_OAI}header")
            if header is not None and header.get("status") == "deleted":
                deleted.append(identifiers.from_oai(name).id)
            else:
                records.append(_read_record(record, name))
        except ValueError as error:
            source = broken[position][0] if position in broken else b""
            refusals.append(Refusal(position, name_refused(name, source), str(error)))
    if root.find(f"{_OAI}ListRecords") is not None and root.find(f".//{_OAI}record") is None:
        raise UnexpectedEmptyPage("the list has no records, and does not say that none match")
    token = root.find(f".//{_OAI}resumptionToken")
    size = token.get("completeListSize", "") if token is not None else ""
    return Page(
        tuple(records),
        tuple(refusals),
        total=int(size) if size.isascii() and size.isdigit() and len(size) < 12 else None,
        resumption_token=((token.text or "").strip() or None) if token is not None else None,
        deleted=tuple(deleted),
    )


def _raise_unless_empty(error: Element) -> None:
    code, message = error.get("code", ""), " ".join((error.text or "").split())
    if code == "noRecordsMatch":
        return
    if code == "badResumptionToken":
        raise BadResumptionToken(message or code)
    raise RequestRefused(f"{code}: {message}")


def _read_record(record: Element, name: str) -> PaperRecord:
    if not name:
        raise ValueError("it has no id")
    identifier = identifiers.from_oai(name)
    for namespace in _FORMATS:
        metadata = record.find(f"{_OAI}metadata/*[{namespace}id]")
        if metadata is not None:
            break
    else:
        raise ValueError("it has no metadata in the formats arXiv or arXivRaw")

    def text(tag: str) -> str:
        return (metadata.findtext(namespace + tag) or "").strip()

    structured = metadata.find(f"{namespace}authors/{namespace}author") is not None
    sources = dict(_read_versions(metadata, namespace))
    versions = sorted(sources, key=lambda version: version.number)
    return assemble_record(
        identifier,
        title=text("title"),
        abstract=text("abstract"),
        authors=(
            list(_read_authors(metadata, namespace))
            if structured
            else split_authors(text("authors"))
        ),
        categories=text("categories").split(),
        comments=text("comments"),
        journal_ref=text("journal-ref"),
        doi=text("doi"),
        licence=text("license"),
        versions=versions,
        withdrawn=bool(versions) and sources[versions[-1]] == _NO_SOURCE,
    )


def _read_versions(metadata: Element, namespace: str) -> Iterator[tuple[VersionRecord, str]]:
    """Each version and the kind of its source."""
    for element in metadata.iter(f"{namespace}version"):
        label = element.get("version", "").removeprefix("v")
        if not (label.isascii() and label.isdigit() and 0 < int(label[:9]) < 10_000):
            raise ValueError(f"it names a version {label[:20]!r}")
        moment = read_time(element.findtext(f"{namespace}date") or "")
        yield VersionRecord(int(label), moment), element.findtext(f"{namespace}source_type") or ""


def _read_authors(metadata: Element, namespace: str) -> Iterator[Author]:
    for element in metadata.iter(f"{namespace}author"):
        parts = (element.findtext(namespace + tag) for tag in ("forenames", "keyname", "suffix"))
        affiliations = tuple(a.text or "" for a in element.iter(f"{namespace}affiliation"))
        if author := make_author(" ".join(part for part in parts if part), affiliations):
            yield author
