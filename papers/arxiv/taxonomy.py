"""arXiv's subject classification: groups, archives, categories and the codes that mean the same.

The facts are in the table below, as arXiv uses them (2026). Nothing here knows of papers or pages.
A category's OAI-PMH set is here too, because it is only its place in this table.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive such as `cs`, `hep-th`; `group` is the code its OAI-PMH sets begin with."""

    code: str
    name: str
    group: str
    group_name: str
    active: bool


@dataclass(frozen=True, slots=True)
class Category:
    """A category. `alias_of` is the canonical code of the same subject, None for a canonical one.

    Inactive ones (subsumed archives; bare `astro-ph`, `cond-mat`, `q-bio`) take no new papers.
    """

    code: str
    name: str
    archive: str
    archive_name: str
    group: str
    group_name: str
    alias_of: str | None
    active: bool


GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "physics": "Physics",
        "math": "Mathematics",
        "cs": "Computer Science",
        "q-bio": "Quantitative Biology",
        "q-fin": "Quantitative Finance",
        "stat": "Statistics",
        "eess": "Electrical Engineering and Systems Science",
        "econ": "Economics",
    }
)

DEFAULT_CATEGORIES = ("cs.CL", "cs.LG", "cs.AI", "cs.CV")

# "archive | group | name", then its categories, indented, as "suffix name"; an archive without any
# is itself a category, one marked * also was one before it was divided (old papers only).
_TABLE = """
astro-ph* | physics | Astrophysics
  CO Cosmology and Nongalactic Astrophysics
  EP Earth and Planetary Astrophysics
  GA Astrophysics of Galaxies
  HE High Energy Astrophysical Phenomena
  IM Instrumentation and Methods for Astrophysics
  SR Solar and Stellar Astrophysics
cond-mat* | physics | Condensed Matter
  dis-nn Disordered Systems and Neural Networks
  mes-hall Mesoscale and Nanoscale Physics
  mtrl-sci Materials Science
  other Other Condensed Matter
  quant-gas Quantum Gases
  soft Soft Condensed Matter
  stat-mech Statistical Mechanics
  str-el Strongly Correlated Electrons
  supr-con Superconductivity
gr-qc | physics | General Relativity and Quantum Cosmology
hep-ex | physics | High Energy Physics - Experiment
hep-lat | physics | High Energy Physics - Lattice
hep-ph | physics | High Energy Physics - Phenomenology
hep-th | physics | High Energy Physics - Theory
math-ph | physics | Mathematical Physics
nlin | physics | Nonlinear Sciences
  AO Adaptation and Self-Organizing Systems
  CD Chaotic Dynamics
  CG Cellular Automata and Lattice Gases
  PS Pattern Formation and Solitons
  SI Exactly Solvable and Integrable Systems
nucl-ex | physics | Nuclear Experiment
nucl-th | physics | Nuclear Theory
physics | physics | Physics
  acc-ph Accelerator Physics
  ao-ph Atmospheric and Oceanic Physics
  app-ph Applied Physics
  atm-clus Atomic and Molecular Clusters
  atom-ph Atomic Physics
  bio-ph Biological Physics
  chem-ph Chemical Physics
  class-ph Classical Physics
  comp-ph Computational Physics
  data-an Data Analysis, Statistics and Probability
  ed-ph Physics Education
  flu-dyn Fluid Dynamics
  gen-ph General Physics
  geo-ph Geophysics
  hist-ph History and Philosophy of Physics
  ins-det Instrumentation and Detectors
  med-ph Medical Physics
  optics Optics
  plasm-ph Plasma Physics
  pop-ph Popular Physics
  soc-ph Physics and Society
  space-ph Space Physics
quant-ph | physics | Quantum Physics
math | math | Mathematics
  AC Commutative Algebra
  AG Algebraic Geometry
  AP Analysis of PDEs
  AT Algebraic Topology
  CA Classical Analysis and ODEs
  CO Combinatorics
  CT Category Theory
  CV Complex Variables
  DG Differential Geometry
  DS Dynamical Systems
  FA Functional Analysis
  GM General Mathematics
  GN General Topology
  GR Group Theory
  GT Geometric Topology
  HO History and Overview
  IT Information Theory
  KT K-Theory and Homology
  LO Logic
  MG Metric Geometry
  MP Mathematical Physics
  NA Numerical Analysis
  NT Number Theory
  OA Operator Algebras
  OC Optimization and Control
  PR Probability
  QA Quantum Algebra
  RA Rings and Algebras
  RT Representation Theory
  SG Symplectic Geometry
  SP Spectral Theory
  ST Statistics Theory
cs | cs | Computer Science
  AI Artificial Intelligence
  AR Hardware Architecture
  CC Computational Complexity
  CE Computational Engineering, Finance, and Science
  CG Computational Geometry
  CL Computation and Language
  CR Cryptography and Security
  CV Computer Vision and Pattern Recognition
  CY Computers and Society
  DB Databases
  DC Distributed, Parallel, and Cluster Computing
  DL Digital Libraries
  DM Discrete Mathematics
  DS Data Structures and Algorithms
  ET Emerging Technologies
  FL Formal Languages and Automata Theory
  GL General Literature
  GR Graphics
  GT Computer Science and Game Theory
  HC Human-Computer Interaction
  IR Information Retrieval
  IT Information Theory
  LG Machine Learning
  LO Logic in Computer Science
  MA Multiagent Systems
  MM Multimedia
  MS Mathematical Software
  NA Numerical Analysis
  NE Neural and Evolutionary Computing
  NI Networking and Internet Architecture
  OH Other Computer Science
  OS Operating Systems
  PF Performance
  PL Programming Languages
  RO Robotics
  SC Symbolic Computation
  SD Sound
  SE Software Engineering
  SI Social and Information Networks
  SY Systems and Control
q-bio* | q-bio | Quantitative Biology
  BM Biomolecules
  CB Cell Behavior
  GN Genomics
  MN Molecular Networks
  NC Neurons and Cognition
  OT Other Quantitative Biology
  PE Populations and Evolution
  QM Quantitative Methods
  SC Subcellular Processes
  TO Tissues and Organs
q-fin | q-fin | Quantitative Finance
  CP Computational Finance
  EC Economics
  GN General Finance
  MF Mathematical Finance
  PM Portfolio Management
  PR Pricing of Securities
  RM Risk Management
  ST Statistical Finance
  TR Trading and Market Microstructure
stat | stat | Statistics
  AP Applications
  CO Computation
  ME Methodology
  ML Machine Learning
  OT Other Statistics
  TH Statistics Theory
eess | eess | Electrical Engineering and Systems Science
  AS Audio and Speech Processing
  IV Image and Video Processing
  SP Signal Processing
  SY Systems and Control
econ | econ | Economics
  EM Econometrics
  GN General Economics
  TH Theoretical Economics
"""

# Two codes for one subject, both in use; the right-hand one is canonical.
_ALIASES = {
    "cs.NA": "math.NA",
    "cs.SY": "eess.SY",
    "math.IT": "cs.IT",
    "math.MP": "math-ph",
    "q-fin.EC": "econ.GN",
    "stat.TH": "math.ST",
}

# Archives that were merged into a category: "archive | group | canonical category | name".
_SUBSUMED = """
acc-phys | physics | physics.acc-ph | Accelerator Physics
adap-org | physics | nlin.AO | Adaptation, Noise, and Self-Organizing Systems
alg-geom | math | math.AG | Algebraic Geometry
ao-sci | physics | physics.ao-ph | Atmospheric-Oceanic Sciences
atom-ph | physics | physics.atom-ph | Atomic, Molecular and Optical Physics
bayes-an | physics | physics.data-an | Bayesian Analysis
chao-dyn | physics | nlin.CD | Chaotic Dynamics
chem-ph | physics | physics.chem-ph | Chemical Physics
cmp-lg | cs | cs.CL | Computation and Language
comp-gas | physics | nlin.CG | Cellular Automata and Lattice Gases
dg-ga | math | math.DG | Differential Geometry
funct-an | math | math.FA | Functional Analysis
mtrl-th | physics | cond-mat.mtrl-sci | Materials Theory
patt-sol | physics | nlin.PS | Pattern Formation and Solitons
plasm-ph | physics | physics.plasm-ph | Plasma Physics
q-alg | math | math.QA | Quantum Algebra and Topology
solv-int | physics | nlin.SI | Exactly Solvable and Integrable Systems
supr-con | physics | cond-mat.supr-con | Superconductivity
"""


def _read_table() -> tuple[dict[str, Archive], dict[str, Category]]:
    archives: dict[str, Archive] = {}
    categories: dict[str, Category] = {}

    def add(code: str, name: str, archive: Archive, alias_of: str | None, active: bool) -> None:
        categories[code] = Category(
            code=code,
            name=name,
            archive=archive.code,
            archive_name=archive.name,
            group=archive.group,
            group_name=archive.group_name,
            alias_of=alias_of,
            active=active,
        )

    for block in re.split(r"\n(?! )", _TABLE.strip()):
        head, *lines = block.splitlines()
        code, group, name = head.split(" | ")
        archive = Archive(code.rstrip("*"), name, group, GROUPS[group], True)
        archives[archive.code] = archive
        if not lines or code.endswith("*"):
            add(archive.code, name, archive, None, not lines)
        for line in lines:
            suffix, name = line.strip().split(" ", 1)
            code = f"{archive.code}.{suffix}"
            add(code, name, archive, _ALIASES.get(code), True)
    for line in _SUBSUMED.strip().splitlines():
        code, group, merged_into, name = line.split(" | ")
        archive = Archive(code, name, group, GROUPS[group], False)
        archives[code] = archive
        add(code, name, archive, merged_into, False)
    return archives, categories


_archives, _categories = _read_table()

ARCHIVES: Mapping[str, Archive] = MappingProxyType(_archives)
"""All archives by code: the 20 active ones in arXiv's order, then the 18 subsumed."""

CATEGORIES: Mapping[str, Category] = MappingProxyType(_categories)
"""All categories by code, as spelled at arXiv: 155 active (6 of them aliases) and 21 old ones."""

_SPELLING = {code.lower(): code for code in (*CATEGORIES, *ARCHIVES)}
_CANONICAL = {code.lower(): category.alias_of or code for code, category in CATEGORIES.items()}
_BY_SET = {
    ":".join((category.group, *code.split("."))): code
    for code, category in CATEGORIES.items()
    if category.active and "." in code
} | {
    f"{archive.group}:{archive.code}": archive.code
    for archive in ARCHIVES.values()
    if archive.active
}
_SET_OF = {code: spec for spec, code in _BY_SET.items()}

_SUBJECT = re.compile(r"([a-z]{1,8}(?:-[a-z]{1,8})?)\.(?:[A-Z]{2}|[a-z]{2,8}(?:-[a-z]{2,8})?)")


def canonical(code: str) -> str:
    """The one code a category is shown under: any case, aliases and subsumed archives merged.

    Raises KeyError for what is no category; a divided archive such as `cs` is none (`is_archive`).
    """
    return _CANONICAL[code.strip().lower()]


def canonical_all(codes: Iterable[str]) -> tuple[str, ...]:
    """Canonical codes in the order given, each once; what is no category (ACM, MSC) left out.

    A category that arXiv founded after this table was made (`cs.QX`) stays as it is.
    """
    stripped = (code.strip() for code in codes)
    found = (_CANONICAL.get(c.lower(), c if is_category_like(c) else None) for c in stripped)
    return tuple(dict.fromkeys(code for code in found if code))


def spelling(code: str) -> str:
    """A category or archive as arXiv spells it (`CS.ai` -> `cs.AI`), not merged; else KeyError."""
    return _SPELLING[code.strip().lower()]


def is_archive(code: str) -> bool:
    """Whether `code`, in any case, is an active archive, divided (`cs`) or not (`hep-th`)."""
    archive = ARCHIVES.get(code.strip().lower())
    return archive is not None and archive.active


@lru_cache(maxsize=1_000)
def categories_of(archive: str) -> tuple[str, ...]:
    """The canonical codes whose papers an archive shows: `math` has `cs.IT` (its `math.IT`) too.

    Raises KeyError for an unknown archive.
    """
    code = ARCHIVES[archive.strip().lower()].code
    merged = (c.alias_of or c.code for c in CATEGORIES.values() if c.archive == code)
    return tuple(dict.fromkeys(merged))


def codes_of(code: str) -> tuple[str, ...]:
    """All codes of the same category, the canonical one first: `cs.CL` -> `cs.CL, cmp-lg`."""
    chosen = canonical(code)
    return (chosen, *(c.code for c in CATEGORIES.values() if c.alias_of == chosen))


def is_category_like(text: str) -> bool:
    """Whether `text` is or may be a category: known, or a subject of a known archive.

    ACM classes (`I.2.7`) and MSC classes (`68T07`), which stand among categories, are not.
    """
    if text.lower() in _CANONICAL:
        return True
    match = _SUBJECT.fullmatch(text)
    return match is not None and is_archive(match[1])


def nearest(code: str, n: int = 3) -> tuple[str, ...]:
    """The `n` canonical codes most like an unknown one, by spelling or by name, best first."""
    asked = code.strip().lower()[:60]
    asked_subject = asked.rpartition(".")[2]
    scores: dict[str, float] = {}
    for category in CATEGORIES.values():
        likeness = max(
            SequenceMatcher(None, asked, category.code.lower()).ratio(),
            SequenceMatcher(None, asked_subject, category.code.lower().rpartition(".")[2]).ratio()
            * 0.95,
            SequenceMatcher(None, asked, category.name.lower()).ratio(),
        )
        shown = category.alias_of or category.code
        scores[shown] = max(scores.get(shown, 0.0), likeness)
    return tuple(sorted(scores, key=lambda c: (-scores[c], c))[:n])


def set_of(code: str) -> str:
    """The OAI-PMH set of a category or archive: `cs.AI` -> `cs:cs:AI`.

    Raises KeyError for what has no set of its own (unknown or inactive).
    """
    return _SET_OF[spelling(code)]


def of_set(spec: str) -> str | None:
    """The category or archive of an OAI-PMH set, not merged; None for groups and unknown sets."""
    return _BY_SET.get(spec)
