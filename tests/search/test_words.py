"""Words as researchers type them, through the door that pages search by."""

from collections.abc import Callable
from pathlib import Path

import pytest

from papers.documents import VOCABULARY
from search import Index, Sort, parse
from search.analysis import analyse
from search.engines import NAMES, engine_named
from tests.search.conftest import make_document
from tests.search.test_door import shelved

Shelves = Callable[[str], set[int]]

# Row by row: what somebody published, and what another has to find it by.
WRITTEN = (
    ("Ice and water", "We study H$_2$O on ${\\rm MoS}_2$ with CO\\textsubscript{2}."),  # 1
    ("Cathodes", "LiFePO$_4$ and LiCoO$_{2}$ at high temperature."),  # 2
    ("$\\alpha$-synuclein aggregates", "Of $\\Lambda$CDM nothing, of H$\\alpha$ and a β-VAE much."),
    ("α-synuclein again", "In flat ΛCDM with σ8 and Hα lines, and a $\\beta$-VAE."),  # 4
    ("Alpha-synuclein in words", "Lambda-CDM, beta-VAE, H-alpha, sigma_8."),  # 5
    ("Clustering by $k$-means", "In C++ with GPT-4 and 3D data; a state-space model."),  # 6
    ("Clustering by kmeans", "In C# with GPT4 and 3-D data; a state space model."),  # 7
    ("Spectra of matrices", "The $T_c$ in $L^2$, by LLMs and CNNs."),  # 8
)


@pytest.fixture(scope="module", params=NAMES)
def find(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Shelves:
    documents = [make_document(row, *text) for row, text in enumerate(WRITTEN, 1)]
    authors = (
        "Geoffrey E. Hinton",
        "Jonathan Ho",
        "Laurens van der Maaten",
        "José de la Peña",
        "Conor O'Brien",
        "Erwin Schrödinger",
    )
    documents += [
        make_document(row, f"Number {row}", authors=(name,)) for row, name in enumerate(authors, 11)
    ]
    folder: Path = tmp_path_factory.mktemp("words")
    index: Index = shelved(engine_named(request.param), folder, documents)

    def search(typed: str) -> set[int]:
        # By date, since by relevance those with only some of the words would follow.
        return {hit.row for hit in index.search(parse(typed, VOCABULARY), sort=Sort.DATE)}

    return search


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        (("H2O", "H_2O", "h2o", "H$_2$O", "$\\mathrm{H}_2\\mathrm{O}$", "H₂O"), {1}),
        (("CO2", "CO_2", "CO$_2$", "CO₂"), {1}),
        (("MoS2", "MoS_{2}", "$MoS_2$", "title:ice MoS2"), {1}),
        (("LiFePO4", "LiFePO$_4$", "LiFePO_4", "LiCoO2 cathodes"), {2}),
        (("α-synuclein", "alpha-synuclein", "$\\alpha$-synuclein", "alpha synuclein"), {3, 4, 5}),
        (("ΛCDM", "Lambda CDM", "LambdaCDM", "$\\Lambda$CDM", "lambda-cdm"), {3, 4, 5}),
        (("Hα", "H alpha", "H-alpha", "Halpha", "H$\\alpha$"), {3, 4, 5}),
        (("β-VAE", "beta-VAE", "beta vae", "$\\beta$-VAE"), {3, 4, 5}),
        (("sigma8", "σ8", "$\\sigma_8$", "sigma_8"), {4, 5}),
        (("$\\alpha$", "α", "alpha"), {3, 4, 5}),
        (("k-means", "$k$-means", "kmeans"), {6, 7}),
        (("GPT-4", "GPT4", "gpt-4"), {6, 7}),
        (("3D", "3-D", "3d"), {6, 7}),
        (("state-space", "state space"), {6, 7}),
        (("C++", "c++"), {6}),
        (("C#",), {7}),
        (("T_c", "Tc", "$T_c$"), {8}),
        (("L^2", "L2", "$L^2$"), {8}),
        (("spectrum matrix", "LLM", "cnn", "llms"), {8}),
        (('au:"Geoffrey Hinton"', 'au:"G. Hinton"', 'au:"Hinton, G."', 'au:"Hinton G"'), {11}),
        (('au:"G. E. Hinton"', 'au:"Hinton, Geoffrey E."', "au:hinton_g", "Hinton"), {11}),
        (('au:"Hinton GE"', 'au:"Hinton G E"', 'au:"GE Hinton"', 'au:"Hinton, GE"'), {11}),
        (("J. Ho", 'au:"J Ho"', 'au:"Ho J"', 'au:"Ho, Jonathan"', "au:ho_j"), {12}),
        (('au:"van der Maaten"', "van der Maaten", 'au:"L. van der Maaten"'), {13}),
        (('au:"de la Pena"', "de la Peña", 'au:"J. de la Peña"'), {14}),
        (("O'Brien", "O’Brien", "au:obrien"), {15}),
        (("Schrodinger", "Schrödinger", "SCHRODINGER", "Schroedinger"), {16}),
        (("au:schrödinger", 'au:"E. Schroedinger"', 'au:"Schrodinger, Erwin"'), {16}),
    ],
)
def test_a_word_is_found_however_it_is_written(
    find: Shelves, typed: tuple[str, ...], rows: set[int]
) -> None:
    assert {text: find(text) for text in typed} == dict.fromkeys(typed, rows)


@pytest.mark.parametrize(
    "words",
    [
        "university universe universal",
        "general generative generate generalization",
        "policy police",
        "organ organization organic organism",
        "news new newton",
        "neural neuro neutral",
        "experience experiment",
        "international internal",
        "object objective",
        "transform transformer",
        "function functional",
        "conduct conductivity",
        "local localization locate",
        "normal normalization norm",
        "relative relativity",
        "critic critical",
        "active activation activity",
        "variation variational various",
        "vertex vertical",
        "conversation conversion",
        "project projection projector",
        "numerous numerical number",
        "important import",
        "sars sar",
        "operator operation operand",
        "state static statistic station",
        "optic optimal",
        "graph graphic graphene",
        "animal animation",
        "several severe",
    ],
)
def test_words_of_different_meaning_have_different_stems(words: str) -> None:
    stems = analyse(words).sequence
    assert len(set(stems)) == len(stems)


@pytest.mark.parametrize(
    "words",
    [
        "matrix matrices",
        "spectrum spectra",
        "vertices vertex",
        "index indices indexes",
        "hypothesis hypotheses",
        "analysis analyses analyzing analysed",
        "classification classifiers classified",
        "optimize optimise optimization optimisation optimal",
        "generalization generalisations generalized generalising",
        "behaviour behavior",
        "LLM LLMs",
        "modelling modeling models",
        "universities university",
        "recognize recognition recognising",
        "experiments experimental",
        "superconducting superconductors superconductivity",
        "networks network networking",
        "lens lenses lensing",
        "gas gases",
    ],
)
def test_forms_of_one_word_have_one_stem(words: str) -> None:
    assert len(set(analyse(words).sequence)) == 1


def test_what_only_looks_like_such_a_form_is_left_alone() -> None:
    assert analyse("promising noise arises otherwise precise GPS DNS size").sequence == [
        "promis", "nois", "aris", "otherwis", "precis", "gps", "dns", "size",
    ]  # fmt: skip
