"""OAI-PMH, as oaipmh.arxiv.org has answered since 2025: verbs, arguments, lists, tokens, errors.

Behaviour follows arXiv's own server: lists run by date of modification, which is the UTC date of
the evening's update and so the listing date itself; a paper stands only under its newest change;
a resumption token is a request with a number to skip, and starts at the last date shown. How a
record is written is in `oai_records`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, quote, unquote, urlencode

from papers.arxiv import identifiers, taxonomy
from papers.arxiv.replay import oai_records
from papers.arxiv.replay.answer import Answer, escape, escape_attribute
from papers.arxiv.replay.collection import Collection, Line

_EARLIEST = date(2005, 9, 16)
_DESCRIPTIONS = {
    "badArgument": "The request includes illegal arguments, is missing required arguments, "
    "includes a repeated argument, or values for arguments have an illegal syntax.",
    "badResumptionToken": "The value of the resumptionToken argument is invalid or expired.",
    "badVerb": "Value of the verb argument is not a legal OAI-PMH verb, the verb argument is "
    "missing, or the verb argument is repeated.",
    "cannotDisseminateFormat": "The metadata format identified by the value given for the "
    "metadataPrefix argument is not supported by the item or by the repository.",
    "idDoesNotExist": "The value of the identifier argument is unknown or illegal in this "
    "repository.",
    "noRecordsMatch": "The combination of the values of the from, until, set and metadataPrefix "
    "arguments results in an empty list.",
}
_LIST_ARGUMENTS = frozenset({"verb", "metadataPrefix", "from", "until", "set"})
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"
         xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
         xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ \
http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">
"""
_IDENTIFY = """    <Identify>
        <repositoryName>arXiv</repositoryName>
        <baseURL>https://oaipmh.arxiv.org/oai</baseURL>
        <protocolVersion>2.0</protocolVersion>
        <adminEmail>help@arxiv.org</adminEmail>
        <earliestDatestamp>2005-09-16</earliestDatestamp>
        <deletedRecord>persistent</deletedRecord>
        <granularity>YYYY-MM-DD</granularity>
    </Identify>
"""


class _OaiError(Exception):
    """An answer that is an `error` element. The request's arguments are named in it or not."""

    def __init__(self, code: str, reason: str = "", shown: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason
        self.shown = shown or {}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Faults of content. `skip` leaves out identifiers: a range `a..b`, or "" for a tenth."""

    skip: str | None = None
    repeat: bool = False
    expired: bool = False
    empty: bool = False


@dataclass(frozen=True, slots=True)
class _Selection:
    verb: str
    prefix: str
    start: date
    until: date
    chosen: Callable[[Line], bool]
    arguments: dict[str, str]
    skip: int
    resumed: bool


class Oai:
    """Answers from a collection, `page` records or `identifiers_page` headers at a time."""

    def __init__(self, collection: Collection, page: int, identifiers_page: int) -> None:
        self._collection = collection
        self._page = page
        self._identifiers_page = identifiers_page

    def answer(
        self, params: Mapping[str, str], until: date, now: datetime, trouble: Trouble
    ) -> Answer:
        """The answer at `now` when the listings up to `until` have been announced; status 200."""
        shown = {name: value for name, value in params.items() if name in _LIST_ARGUMENTS}
        try:
            match params.get("verb"):
                case "Identify":
                    body = _alone(params, _IDENTIFY)
                case "ListSets":
                    body = _alone(params, oai_records.render_sets())
                case "ListMetadataFormats":
                    body = oai_records.render_formats()
                case "GetRecord":
                    shown = dict(params)
                    body = self._get_record(params, until)
                case "ListRecords" | "ListIdentifiers":
                    shown = dict(params)
                    body = self._list(_select(params, now), until, now, trouble)
                case _:
                    raise _OaiError("badVerb", "Invalid verb provided")
        except _OaiError as error:
            shown = dict(error.shown)
            body = _render_error(error)
        return _render(shown, body, now)

    def _get_record(self, params: Mapping[str, str], until: date) -> str:
        if set(params) != {"verb", "identifier", "metadataPrefix"}:
            raise _OaiError(
                "badArgument",
                "Parameters provided did not match expected. "
                "Expected: verb, identifier, metadataPrefix",
            )
        if params["metadataPrefix"] not in oai_records.FORMATS:
            shown = {"verb": "GetRecord"}
            raise _OaiError("cannotDisseminateFormat", "Did not recognize requested format", shown)
        try:
            name = identifiers.from_oai(params["identifier"]).id
        except ValueError:
            raise _OaiError("idDoesNotExist", "Invalid identifier structure", params) from None
        line = self._collection.current(until).get(name)
        if line is None:
            raise _OaiError("idDoesNotExist", "Nothing found for this ID", params)
        record = self._record(line, params["metadataPrefix"], until)
        return f"    <GetRecord>\n{record}    </GetRecord>\n"

    def _list(self, selection: _Selection, until: date, now: datetime, trouble: Trouble) -> str:
        if trouble.expired and selection.resumed:
            raise _OaiError("badResumptionToken", "Token has expired.")
        lines = [
            line
            for line in self._collection.current(until).values()
            if selection.start <= line.day <= selection.until and selection.chosen(line)
        ]
        lines.sort(key=lambda line: (line.day, line.identifier))
        lines = _leave_out(lines, trouble.skip)
        just_headers = selection.verb == "ListIdentifiers"
        size = self._identifiers_page if just_headers else self._page
        skip = max(0, selection.skip - size) if trouble.repeat else selection.skip
        page = [] if trouble.empty else lines[skip : skip + size]
        if not page and not trouble.empty:
            raise _OaiError("noRecordsMatch", shown=selection.arguments)
        shown = (
            oai_records.render_header(line)
            if just_headers
            else self._record(line, selection.prefix, until)
            for line in page
        )
        token = _render_token(selection, lines, skip, size, now)
        return f"    <{selection.verb}>\n{''.join(shown)}{token}    </{selection.verb}>\n"

    def _record(self, line: Line, prefix: str, until: date) -> str:
        versions = self._collection.versions(line.identifier, until)
        return oai_records.render_record(line, prefix, tuple(versions))


def _alone(params: Mapping[str, str], body: str) -> str:
    if set(params) != {"verb"}:
        raise _OaiError("badArgument", f"No other parameters allowed with {params['verb']}")
    return body


def _select(params: Mapping[str, str], now: datetime) -> _Selection:
    token = params.get("resumptionToken")
    if token is None:
        return _read_list(dict(params), 0, now, resumed=False)
    if set(params) != {"verb", "resumptionToken"}:
        raise _OaiError("badArgument", "No other paramters allowed with resumptionToken")
    try:
        arguments = {name: values[0] for name, values in parse_qs(unquote(token)).items()}
        skip = int(arguments.pop("skip"))
        if skip < 0 or arguments.get("verb") != params["verb"]:
            raise ValueError
        return _read_list(arguments, skip, now, resumed=True)
    except (_OaiError, KeyError, ValueError):
        raise _OaiError(
            "badResumptionToken", "Token decoding failed or format is invalid."
        ) from None


def _read_list(arguments: dict[str, str], skip: int, now: datetime, *, resumed: bool) -> _Selection:
    if arguments.keys() - _LIST_ARGUMENTS:
        raise _OaiError(
            "badArgument",
            f"Unallowed parameter. Allowed parameters: {', '.join(sorted(_LIST_ARGUMENTS))}",
        )
    verb = arguments["verb"]
    if "metadataPrefix" not in arguments:
        raise _OaiError("badArgument", "metadataPrefix required.")
    if arguments["metadataPrefix"] not in oai_records.FORMATS:
        raise _OaiError(
            "cannotDisseminateFormat", "Did not recognize requested format", {"verb": verb}
        )
    tomorrow = now.astimezone(UTC).date() + timedelta(days=1)
    start = _read_date(arguments, "from", _EARLIEST)
    until = _read_date(arguments, "until", tomorrow)
    if start < _EARLIEST:
        raise _OaiError("badArgument", f"start date too early, must be >= {_EARLIEST}")
    if until > tomorrow:
        raise _OaiError("badArgument", "until date too late")
    if start > until:
        raise _OaiError("badArgument", "from date must be before until date")
    return _Selection(
        verb=verb,
        prefix=arguments["metadataPrefix"],
        start=start,
        until=until,
        chosen=_choose_set(arguments.get("set")),
        arguments=arguments,
        skip=skip,
        resumed=resumed,
    )


def _read_date(arguments: Mapping[str, str], name: str, default: date) -> date:
    text = arguments.get(name)
    if text is None:
        return default
    try:
        if len(text) != len("YYYY-MM-DD"):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise _OaiError("badArgument", f"{name} date format must be YYYY-MM-DD") from None


def _choose_set(spec: str | None) -> Callable[[Line], bool]:
    if spec is None:
        return lambda _line: True
    if spec in taxonomy.GROUPS:
        of_group = frozenset(c.code for c in taxonomy.CATEGORIES.values() if c.group == spec)
        return lambda line: any(code in of_group for code in oai_records.all_codes(line))
    code = taxonomy.of_set(spec)
    if code is None:
        raise _OaiError("badArgument", "Set does not exist")
    covered = frozenset(
        (*taxonomy.categories_of(code), code) if taxonomy.is_archive(code) else (code,)
    )
    return lambda line: any(one in covered for one in oai_records.all_codes(line))


def _leave_out(lines: list[Line], what: str | None) -> list[Line]:
    if what is None:
        return lines
    if ".." in what:
        first, _, last = what.partition("..")
        return [line for line in lines if not first <= line.identifier <= last]
    tenth = max(1, len(lines) // 10)
    names = sorted(line.identifier for line in lines)
    gone = set(names[len(names) // 2 : len(names) // 2 + tenth])
    return [line for line in lines if line.identifier not in gone]


def _render_token(
    selection: _Selection, lines: list[Line], skip: int, size: int, now: datetime
) -> str:
    """The rest of the list as a token; none for a list of one page, an empty one at its end."""
    if len(lines) <= skip + size:
        return "        <resumptionToken/>\n" if selection.resumed else ""
    page = lines[skip : skip + size]
    last = page[-1].day
    arguments = dict(selection.arguments)
    if page[0].day == last:
        passed = skip + size
    else:
        arguments["from"] = last.isoformat()
        passed = sum(line.day == last for line in page)
    token = quote(urlencode({**arguments, "skip": passed}))
    midnight = (now.astimezone(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT00:00:00Z")
    return f'        <resumptionToken expirationDate="{midnight}">{token}</resumptionToken>\n'


def _render(shown: Mapping[str, str], body: str, now: datetime) -> Answer:
    stamp = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    arguments = "".join(f' {name}="{escape_attribute(value)}"' for name, value in shown.items())
    text = (
        f"{_HEAD}    <responseDate>{stamp}</responseDate>\n"
        f"    <request{arguments}>http://oaipmh.arxiv.org/oai</request>\n\n{body}</OAI-PMH>"
    )
    return Answer(200, "text/xml; charset=utf-8", text.encode())


def _render_error(error: _OaiError) -> str:
    text = _DESCRIPTIONS[error.code] + (f" Reason: {error.reason}" if error.reason else "")
    return f"    <error code='{error.code}'>{escape(text)}</error>\n"
