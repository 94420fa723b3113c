"""What a paper says of itself beyond its text: where it will appear, where its code is.

Read from the authors' comments and the abstract. Only what is sure counts: a venue has a known name
and a year and is not merely hoped for; an address is what its host or the words before it say.
"""

import re
from collections.abc import Iterator

from papers import markup

# As their communities write them. What is also an ordinary word (CHI, FAST) stands here as well:
# a year has to follow.
_VENUES = (
    "AAAI", "AAMAS", "ACC", "ACCV", "ACL", "AISTATS", "AIED", "ASE", "ASPLOS", "ASRU", "BMVC",
    "CAV", "CCS", "CDC", "CHI", "CHIL", "CIKM", "CLeaR", "COLING", "COLM", "COLT", "CONCUR",
    "CoNEXT", "CoNLL", "CoRL", "CPAL", "CRYPTO", "CSCW", "CVPR", "DAC", "DATE", "DSN", "EACL",
    "EAAMO", "ECAI", "ECCV", "ECIR", "ECML PKDD", "ECOOP", "EMNLP", "ESA", "ESEM", "ESOP",
    "EUROCRYPT", "EuroSys", "FAccT", "FAST", "FM", "FOCS", "FSE", "FSTTCS", "GECCO", "HPCA",
    "HRI", "ICALP", "ICAPS", "ICASSP", "ICCAD", "ICCV", "ICDE", "ICDM", "ICFP", "ICIP", "ICLR",
    "ICME", "ICML", "ICPR", "ICRA", "ICSE", "ICSME", "IJCAI", "IJCB", "IJCNN", "IMC", "INFOCOM",
    "Interspeech", "IPDPS", "IROS", "ISBI", "ISCA", "ISIT", "ISMAR", "ISMIR", "ISSAC", "ISSTA",
    "ISWC", "ITC", "ITCS", "IUI", "IV", "KDD", "KR", "L4DC", "LICS", "LREC", "LREC-COLING",
    "MICCAI", "MICRO", "MIDL", "MLSys", "MM", "MOBICOM", "MobiSys", "MODELS", "MSR", "NAACL",
    "NDSS", "NeurIPS", "NIPS", "NSDI", "OOPSLA", "OSDI", "PACT", "PLDI", "PODC", "PODS", "POPL",
    "PPoPP", "RecSys", "RLC", "RSS", "SANER", "SC", "SDM", "SenSys", "SIGCOMM", "SIGGRAPH",
    "SIGGRAPH Asia", "SIGIR", "SIGMOD", "SoCG", "SODA", "SOSP", "SPAA", "STACS", "STOC",
    "TACAS", "TheWebConf", "TSD", "UAI", "UbiComp", "UIST", "USENIX ATC", "USENIX Security",
    "VIS", "VLDB", "VR", "WACV", "WINE", "WSDM", "WWW",
)  # fmt: skip
_BY_LOWER = {name.lower(): name for name in _VENUES}
_LONG_NAMES = {
    "advances in neural information processing systems": "NeurIPS",
    "conference on neural information processing systems": "NeurIPS",
    "international conference on machine learning": "ICML",
    "international conference on learning representations": "ICLR",
    "european conference on computer vision": "ECCV",
    "conference on robot learning": "CoRL",
    "robotics: science and systems": "RSS",
    "conference on language modeling": "COLM",
    "the web conference": "WWW",
}
_NAMES = "|".join(
    re.escape(name).replace(r"\ ", r"[\s-]+")
    for name in sorted([*_VENUES, *_LONG_NAMES], key=len, reverse=True)
)
_VENUE = re.compile(
    rf"(?<![\w@/.-])(?:ACM|IEEE)?[\s-]*(?P<name>{_NAMES})\s?"
    r"(?:[\s,(:/-]|Conference|Main|Findings|Datasets and Benchmarks)*"
    r"(?:(?P<year>(?:19|20)\d\d)|(?:['’]|(?<=[A-Z]-))(?P<short>\d\d))(?!\w)"
    r"(?P<after>[^.;]{0,60})",
    re.IGNORECASE,
)
# Most comments name no year, which costs less to find out.
_YEAR = re.compile(r"(?:19|20)\d\d|['’-]\d\d(?!\w)")
# Said of a paper that is not there yet.
_HOPED = re.compile(
    r"\b(?:submitted|submission|under (?:double[- ]blind )?review|in review|rejected|resubmi\w*"
    r"|withdrawn from|not accepted|target\w*|intended)\b",
    re.IGNORECASE,
)
_ARRIVED = re.compile(
    r"\b(?<!not )(?:accepted|acceptance|to appear|published|presented|camera[- ]ready)\b",
    re.IGNORECASE,
)
_WORKSHOP = re.compile(r"\bworkshops?\b|@\s*$", re.IGNORECASE)
_SENTENCE = re.compile(r"[.;](?:\s|$)")

_CODE_HOSTS = ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "sourceforge.net",
               "git.sr.ht", "anonymous.4open.science", "codeocean.com")  # fmt: skip
_PROJECT_HOSTS = (".github.io", ".gitlab.io", "sites.google.com", ".pages.dev", ".netlify.app",
                  ".vercel.app")  # fmt: skip
_MODEL_HOSTS = ("huggingface.co", "modelscope.cn")
_HOST = re.compile(r"(?:https?://)?(?:www\.)?([\w.-]+)", re.IGNORECASE)
_BEFORE = 60
_SAYS_PROJECT = re.compile(
    r"\b(?:project\s+(?:page|web\s?page|web\s?site|site)|home\s?page|web\s?site|demo)\b[^.;]*$",
    re.IGNORECASE,
)
_SAYS_CODE = re.compile(
    r"\b(?:code|implementation|software|repository|repo)\b[^.;]*$", re.IGNORECASE
)


def find_venue(comments: str) -> str:
    """Where the paper was accepted, by short name and year: "ICML 2026", "ECCV 2026 workshop".

    Empty where the comments name none, or only hope for one.
    """
    if not _YEAR.search(comments):
        return ""
    for match in _VENUE.finditer(comments):
        start = max((m.end() for m in _SENTENCE.finditer(comments, 0, match.start())), default=0)
        said = comments[start : match.start()]
        if _HOPED.search(said) and not _ARRIVED.search(said):
            continue
        name = _name_venue(" ".join(match["name"].split()))
        if not name:
            continue
        year = match["year"] or ("19" if match["short"] > "70" else "20") + match["short"]
        workshop = _WORKSHOP.search(said) or _WORKSHOP.search(match["after"])
        return f"{name} {year} workshop" if workshop else f"{name} {year}"
    return ""


def _name_venue(written: str) -> str:
    """The usual name; empty where a short one is not written as a name ("will be fast 2026")."""
    spelled = written.lower()
    if name := _LONG_NAMES.get(spelled):
        return name
    name = _BY_LOWER.get(spelled) or _BY_LOWER.get(spelled.replace(" ", "-"), "")
    return name if len(name) > 4 or written == name or written.isupper() else ""


def find_links(*texts: str) -> tuple[str, str]:
    """The addresses of the paper's code and of its own page, the first of each that `texts` name;
    empty where they name none."""
    first: dict[str, str] = {}
    for text in texts:
        for kind, address in _list_kinds(text):
            first.setdefault(kind, address)
    return first.get("code", ""), first.get("project", "")


def _list_kinds(text: str) -> Iterator[tuple[str, str]]:
    for start, address in markup.list_addresses(text):
        host = found[1].lower() if (found := _HOST.match(address)) else ""
        before = text[max(0, start - _BEFORE) : start]
        if host in _CODE_HOSTS:
            yield "code", address
        elif host.endswith(_PROJECT_HOSTS) or _SAYS_PROJECT.search(before):
            yield "project", address
        elif host in _MODEL_HOSTS or _SAYS_CODE.search(before):
            yield "code", address
