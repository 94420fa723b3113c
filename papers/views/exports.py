"""Lists and papers for other programs: `<list>/feed`, and `.json`, `.bib`, `.ris` behind any."""

import json
from collections.abc import Callable
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coolpapers import clock
from papers import addresses, documents, feeds, parameters
from papers.addresses import (
    MOST_SHOWN,
    BadAddress,
    ListingAddress,
    Order,
    PickedAddress,
    Slice,
    in_form,
    paper_address,
)
from papers.arxiv.identifiers import Identifier
from papers.exports import bibtex, data, ris
from papers.exports.citations import Citation, make_citation
from papers.pages import lists
from papers.pages.lists import PaperList
from papers.queries import papers as paper_queries
from papers.views.answers import (
    Rendered,
    answer,
    answer_unsearchable,
    origin_of,
    reading_page,
    redirect_to,
)
from search.errors import IndexUnusable

_BIBTEX = "application/x-bibtex; charset=utf-8"
_RIS = "application/x-research-info-systems; charset=utf-8"
_JSON = "application/json; charset=utf-8"
_UNINDEXED = ("X-Robots-Tag", "noindex")


@require_safe
def show(request: HttpRequest, what: str, form: str) -> HttpResponse:
    """What the path names, in a form. A wrong address is explained in JSON to who asked for it."""
    if form != "json":
        return _show_explained(request, what=what, form=form)
    try:
        return _show(request, what, form)
    except BadAddress as bad:
        problem = {"format": data.FORMAT, "kind": "problem", "status": bad.status}
        problem |= {"title": bad.heading, "detail": bad.explanation}
        response = HttpResponse(json.dumps(problem), status=bad.status, content_type=_JSON)
        response["Cache-Control"] = "public, max-age=10"
        return response


def _show(request: HttpRequest, what: str, form: str) -> HttpResponse:
    if what == "search":
        return _show_search(request, form)
    if not addresses.names_papers(what):
        first, last = parameters.read_dates(request.GET)
        listing = ListingAddress(
            parameters.read_selection(what),
            first,
            last,
            _read_slice(request, form),
            # A feed's reader orders it, by time.
            order=parameters.read_order(request.GET) if form != "feed" else Order.ARXIV,
        )
        return _answer(
            request,
            str(listing),
            form,
            lambda: lists.collect_listing(
                listing,
                clock.now(),
                clock.today(),
                whole=_wants_all(request, form),
                replaced=form != "feed",
            ),
        )
    found = parameters.read_identifiers(what)
    if len(found) == 1 and form != "feed":
        return _show_paper(request, found[0], form)
    picked = PickedAddress(found, _read_slice(request, form))
    return _answer(
        request,
        str(picked),
        form,
        lambda: lists.collect_picked(picked, whole=_wants_all(request, form)),
    )


_show_explained = reading_page(_show)


def _show_search(request: HttpRequest, form: str) -> HttpResponse:
    part = _read_slice(request, form)
    if form in {"bib", "ris"} and part == Slice():
        part = Slice(MOST_SHOWN)
    search = replace(parameters.read_search(request.GET), slice=part)
    if form == "feed":
        search = replace(search, by_date=False)
    try:
        # A page of the cache is as new as the index, which may lag behind the database.
        checkpoint = documents.index().checkpoint()
        return _answer(
            request,
            str(search),
            form,
            lambda: lists.collect_search(search, newest=form == "feed"),
            checkpoint,
        )
    except IndexUnusable as error:
        return answer_unsearchable(error)


def _show_paper(request: HttpRequest, asked: Identifier, form: str) -> HttpResponse:
    address = paper_address(asked.id, asked.version)
    origin = origin_of(request)

    def make() -> Rendered:
        found = paper_queries.find_paper(asked.id)
        if found is None:
            raise BadAddress(
                404,
                _("The paper %(identifier)s is not here") % {"identifier": asked},
                _("It can be asked for on its page."),
                ((str(asked), address),),
            )
        if asked.version and asked.version > found.version:
            raise BadAddress(
                404,
                _("%(identifier)s has no version %(version)s")
                % {"identifier": asked.id, "version": asked.version},
                _("The newest version known here is %(version)s.") % {"version": found.version},
                ((_("The newest version"), paper_address(asked.id)),),
            )
        account = paper_queries.read_account(found)
        papers = lists.collect_paper(account, asked.version)
        if form != "json":
            return _render(papers, form, origin, asked.version)
        paper = data.describe(papers.lines[0].paper, origin)
        text = data.render_paper(paper, account.versions, account.announcements)
        return Rendered(text, papers.keep, 200, _JSON, _headers(papers, form))

    return _finish(request, address, form, make)


def _answer(
    request: HttpRequest,
    address: str,
    form: str,
    collect: Callable[[], PaperList],
    also: object = "",
) -> HttpResponse:
    origin = origin_of(request)
    return _finish(request, address, form, lambda: _render(collect(), form, origin), also)


def _finish(
    request: HttpRequest,
    address: str,
    form: str,
    make: Callable[[], Rendered],
    also: object = "",
) -> HttpResponse:
    """The form at its one address, from the cache or made now."""
    canonical = in_form(address, form)
    if request.path != canonical.partition("?")[0]:
        return redirect_to(canonical)
    whole = "whole" if _wants_all(request, form) else ""
    return answer(request, f"{canonical} {whole} {also}", make)


def _render(papers: PaperList, form: str, origin: str, version: int | None = None) -> Rendered:
    if form == "feed":
        feed = lists.make_feed(papers, origin, in_form(papers.address, form))
        body, content_type = feeds.render(feed).decode(), feeds.CONTENT_TYPE
    elif form == "json":
        body, content_type = _render_json(papers, origin), _JSON
    elif form == "bib":
        body, content_type = bibtex.render(_cite(papers, origin, version)), _BIBTEX
    else:
        body, content_type = ris.render(_cite(papers, origin, version)), _RIS
    return Rendered(body, papers.keep, 200, content_type, _headers(papers, form))


def _cite(papers: PaperList, origin: str, version: int | None) -> list[Citation]:
    return [make_citation(line.paper, origin, version) for line in papers.lines]


def _render_json(papers: PaperList, origin: str) -> str:
    part = data.Part(
        kind=papers.kind,
        title=papers.title,
        url=origin + papers.address,
        total=papers.total,
        skip=papers.skip,
        next=origin + in_form(papers.next, "json") if papers.next else "",
        details=papers.details,
    )
    described = [data.describe(line.paper, origin, line.announced) for line in papers.lines]
    return data.render_list(described, part)


def _headers(papers: PaperList, form: str) -> tuple[tuple[str, str], ...]:
    if form == "feed":
        return (_UNINDEXED,)
    # JSON is looked at, the others are kept.
    how = "inline" if form == "json" else "attachment"
    return (_UNINDEXED, ("Content-Disposition", f'{how}; filename="{papers.name}.{form}"'))


def _read_slice(request: HttpRequest, form: str) -> Slice:
    """The part that is asked for; a feed has none."""
    part = parameters.read_slice(request.GET)
    return Slice() if form == "feed" else part


def _wants_all(request: HttpRequest, form: str) -> bool:
    """Whether the whole list is meant: JSON goes in parts, the others unless a part is named."""
    return form != "json" and not (form != "feed" and {"show", "skip"} & request.GET.keys())
