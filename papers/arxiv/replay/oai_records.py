"""Records, headers, sets and formats of OAI-PMH, as arXiv's own templates write them.

Names have letters for accents in the formats arXiv and oai_dc, and in arXivRaw the TeX that authors
typed. `created` in the arXiv format is the date of the current version, `updated` that of the last
change.
"""

import re
from functools import lru_cache

from papers.arxiv import taxonomy
from papers.arxiv.records import Author
from papers.arxiv.replay.answer import escape
from papers.arxiv.replay.collection import Line, version_dates
from papers.arxiv.replay.feeds import encode_accents
from papers.arxiv.text import decode_text

_XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
_PARTICLES = frozenset(
    {"van", "von", "der", "den", "de", "del", "della", "di", "da", "du", "la", "le", "ten", "zu"}
)
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV|V")
_GROUP = re.compile(r"\b(?:collaboration|consortium|team|group|project)\b", re.IGNORECASE)

FORMATS = {
    "oai_dc": (
        "http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
        "http://www.openarchives.org/OAI/2.0/oai_dc/",
    ),
    "arXiv": ("http://arxiv.org/OAI/arXiv.xsd", "http://arxiv.org/OAI/arXiv/"),
    "arXivRaw": ("http://arxiv.org/OAI/arXivRaw.xsd", "http://arxiv.org/OAI/arXivRaw/"),
}
"""Metadata prefixes: schema and namespace."""


@lru_cache(maxsize=10000)
def all_codes(line: Line) -> tuple[str, ...]:
    """The paper's categories and what else they are called, active ones, each once, sorted."""
    codes = {code for name in line.categories for code in taxonomy.codes_of(name)}
    return tuple(sorted(code for code in codes if taxonomy.CATEGORIES[code].active))


@lru_cache(maxsize=10000)
def render_header(line: Line) -> str:
    """A header, with the sets of all categories and their aliases."""
    sets = "".join(
        f"            <setSpec>{taxonomy.set_of(code)}</setSpec>\n" for code in all_codes(line)
    )
    return (
        "    <header>\n"
        f"        <identifier>oai:arXiv.org:{line.identifier}</identifier>\n"
        f"        <datestamp>{line.day}</datestamp>\n{sets}    </header>\n"
    )


@lru_cache(maxsize=10000)
def render_record(line: Line, prefix: str, versions: tuple[Line, ...]) -> str:
    """A record in one of `FORMATS`; `versions` are the paper's lines so far, oldest first."""
    match prefix:
        case "oai_dc":
            metadata = _render_dc(line)
        case "arXivRaw":
            metadata = _render_raw(line, versions)
        case _:
            metadata = _render_arxiv(line)
    return (
        f"<record>\n{render_header(line)}            <metadata>\n{metadata}"
        "            </metadata>\n        </record>\n"
    )


def render_sets() -> str:
    """ListSets: groups, archives, categories, in arXiv's order."""
    archives = [archive for archive in taxonomy.ARCHIVES.values() if archive.active]
    named = [
        *taxonomy.GROUPS.items(),
        *((f"{archive.group}:{archive.code}", archive.name) for archive in archives),
        *(
            (taxonomy.set_of(category.code), category.name)
            for category in taxonomy.CATEGORIES.values()
            if category.active
        ),
    ]
    sets = "".join(
        f"        <set>\n        <setSpec>{spec}</setSpec>\n"
        f"        <setName>{escape(name)}</setName>\n    </set>\n"
        for spec, name in named
    )
    return f"    <ListSets>\n{sets}    </ListSets>\n"


def render_formats() -> str:
    """ListMetadataFormats."""
    formats = "".join(
        f"        <metadataFormat>\n            <metadataPrefix>{prefix}</metadataPrefix>\n"
        f"            <schema>{schema}</schema>\n"
        f"            <metadataNamespace>{namespace}</metadataNamespace>\n"
        "        </metadataFormat>\n"
        for prefix, (schema, namespace) in FORMATS.items()
    )
    return f"    <ListMetadataFormats>\n{formats}    </ListMetadataFormats>\n"


def _render_arxiv(line: Line) -> str:
    created = line.updated.date()
    parts = [
        '        <arXiv xmlns="http://arxiv.org/OAI/arXiv/" '
        f'{_XSI} xsi:schemaLocation="http://arxiv.org/OAI/arXiv/ '
        'https://oaipmh.arxiv.org/OAI/arXiv.xsd">\n',
        f"        <id>{line.identifier}</id>\n",
        f"        <created>{created}</created>\n",
    ]
    if line.day != created:
        parts.append(f"            <updated>{line.day}</updated>\n")
    parts.append("        <authors>\n")
    for author in line.authors:
        keyname, forenames, suffix = split_name(author)
        parts.append(f"            <author>\n{_element('keyname', keyname)}")
        parts.append(_element("forenames", forenames))
        parts.append(_element("suffix", suffix))
        parts.append("            </author>\n")
    parts.append("        </authors>\n")
    parts.append(f"        <title>{_text(line.title)}</title>\n")
    parts.append(_element("categories", " ".join(line.categories)))
    parts.append(_element("comments", line.comments))
    parts.append(_element("journal-ref", line.journal_ref))
    parts.append(_element("doi", line.doi))
    parts.append(_element("license", line.licence))
    parts.append(_element("abstract", line.abstract))
    parts.append("    </arXiv>\n")
    return "".join(parts)


def _render_raw(line: Line, versions: tuple[Line, ...]) -> str:
    submitter = encode_accents(line.authors[0].name) if line.authors else ""
    parts = [
        '        <arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/" '
        f'{_XSI} xsi:schemaLocation="http://arxiv.org/OAI/arXivRaw/ '
        'https://oaipmh.arxiv.org/OAI/arXivRaw.xsd">\n',
        f"        <id>{line.identifier}</id>\n",
        f"        <submitter>{_text(submitter)}</submitter>\n",
    ]
    dates = version_dates(list(versions))
    for number, moment in enumerate(dates, start=1):
        gone = line.withdrawn and number == len(dates)
        parts.append(
            f'            <version version="v{number}">\n'
            f"                <date>{moment:%a, %d %b %Y %H:%M:%S GMT}</date>\n"
            f"                <size>{0 if gone else 100 + len(line.abstract) % 900}kb</size>\n"
            f"                <source_type>{'I' if gone else 'D'}</source_type>\n"
            "            </version>\n"
        )
    parts.append(f"        <title>{_text(line.title)}</title>\n")
    names = ", ".join(_render_name(author) for author in line.authors)
    parts.append(f"        <authors>{_text(names)}</authors>\n")
    parts.append(f"        <categories>{' '.join(line.categories)}</categories>\n")
    parts.append(_element("comments", line.comments))
    parts.append(_element("journal-ref", line.journal_ref))
    parts.append(_element("doi", line.doi))
    parts.append(_element("license", line.licence))
    parts.append(_element("abstract", line.abstract))
    parts.append("    </arXivRaw>\n")
    return "".join(parts)


def _render_dc(line: Line) -> str:
    parts = [
        '    <oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/" {_XSI} '
        'xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/oai_dc/ '
        'http://www.openarchives.org/OAI/2.0/oai_dc.xsd">\n',
        _element("dc:title", line.title),
    ]
    for author in line.authors:
        keyname, forenames, suffix = split_name(author)
        family = f"{keyname} {suffix}" if suffix else keyname
        parts.append(_element("dc:creator", f"{family}, {forenames}" if forenames else family))
    subjects = dict.fromkeys(
        taxonomy.CATEGORIES[taxonomy.spelling(c)].name for c in line.categories
    )
    parts.extend(_element("dc:subject", name) for name in subjects)
    parts.append(_element("dc:description", line.abstract))
    parts.append(_element("dc:description", line.comments))
    parts.append(f"        <dc:date>{line.submitted.date()}</dc:date>\n")
    if line.updated != line.submitted:
        parts.append(f"        <dc:date>{line.updated.date()}</dc:date>\n")
    parts.append("        <dc:type>text</dc:type>\n")
    parts.append(_element("dc:identifier", f"http://arxiv.org/abs/{line.identifier}"))
    parts.append(_element("dc:identifier", line.journal_ref))
    parts.append(_element("dc:identifier", f"doi:{line.doi}" if line.doi else ""))
    parts.append("    </oai_dc:dc>\n")
    return "".join(parts)


def split_name(author: Author) -> tuple[str, str, str]:
    """Key name with its particles, forenames, suffix: `Ludwig van Beethoven Jr.` in three."""
    words = decode_text(author.name).split()
    if len(words) < 2 or _GROUP.search(author.name):
        return " ".join(words), "", ""
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    start = len(words) - 1
    while start > 1 and words[start - 1] in _PARTICLES:
        start -= 1
    return " ".join(words[start:]), " ".join(words[:start]), suffix


def _render_name(author: Author) -> str:
    name = encode_accents(author.name)
    return f"{name} ({', '.join(author.affiliations)})" if author.affiliations else name


def _element(name: str, text: str) -> str:
    """An element with text, nothing at all without."""
    return f"            <{name}>{_text(text)}</{name}>\n" if text else ""


def _text(text: str) -> str:
    """Text as arXiv's templates escape it, which is more than XML asks for."""
    return escape(text).replace("'", "&#39;").replace('"', "&#34;")
