"""The stem of an English word: Snowball's English stemmer, and what researchers mean otherwise.

Snowball's puts together what differs in meaning (experience and experiment, object and objective)
and keeps apart what does not (matrix and matrices). Whoever changes anything here raises `format`
in both engines.
"""

import re
import threading

import Stemmer

_LONGEST = 40

# One family a line: the words behind the first are found by each other and by nothing else. The
# first is what stands for them in the index.
_LINES = """
accelerator accelerators
activation activations
active actively
activity activities
ads
analysis analyses analyze analyzes analyzed analyzing analyse analysed analysing analyzer analyser
angstrom angstroem angstroms angstroems
animal animals
associative associativity
authority authorities
axis axes
backlund baecklund
bacterium bacteria
behavior behaviors behavioral behaviour behaviours behavioural
center centers centered centre centres centred
color colors colored coloring colorings colour colours coloured colouring
comprehension
conductivity conductivities conduction conductance conductances conductive
continual continually
continuous continuously continuity
conversation conversations conversational
corpus corpora
criterion criteria
critics critic
derivative derivatives
determinant determinants determinantal
differentiable differentiability
digital digitally
emergency emergencies
experiment experiments experimental experimentally experimentation
extensive extensively
extremum extrema
fiber fibers fibre fibres
fitness
flavor flavors flavour flavours
formats format formatted formatting
functional functionals
functionality functionalities
gas gases
generative generatively
generator generators
genus genera
godel goedel
gray grey
grobner groebner
hormander hoermander
hyperkahler hyperkaehler
hypothesis hypotheses
important importance importantly
index indices indexes indexed indexing
indicator indicators
informal informally
integrable integrability
integral integrals
integrity
kahler kaehler
lens lenses lensing lensed lensless
locus loci
lowner loewner
marginal marginals marginally
matrix matrices
maximum maxima
meaning meanings meaningful meaningfully
minimum minima
mobius moebius
modulation modulations modulate modulates modulated modulating modulator modulators
mossbauer moessbauer
multiplication multiplications multiplicative multiplicatively
multiplicity multiplicities
neighbor neighbors neighboring neighbour neighbours neighbouring
neighborhood neighborhoods neighbourhood neighbourhoods
nucleus nuclei
numerous
objective objectives
operator operators
optimum optima
phenomenon phenomena
positive positives positively positivity
production productions
productivity productive
projection projections projective
radius radii
rating ratings
recogniz recognition
reductive
relativist relativity relativistic relativistically
sars
satisfiability satisfiable
schrodinger schroedinger
secretion secretions secretory
semiconductor semiconductors semiconducting semiconductive
severe severely severity
simplex simplices simplexes
spectrum spectra
stimulus stimuli
subjective subjectively subjectivity
superconductor superconductors superconducting superconductivity superconductive
teichmuller teichmueller
transformer transformers
transitive transitivity
tumor tumors tumour tumours
unital
vapor vapors vapour vapours
variational variationally
vertex vertices
"""
FAMILIES = {word: line.split()[0] for line in _LINES.strip().split("\n") for word in line.split()}

# Generalization is not general, nor localization local: -ize makes another word. (To optimize is to
# look for what is optimal.)
_IZE = re.compile(r"(?!optim)(\w{3,}iz)(?:e|es|ed|ing|er|ers|able|ability|ation|ations|ational)")
# Of the many words in -ise, those that are others' -ize; -isation always is.
_BRITISH = re.compile(
    r"(\w*(?:bil|categor|character|crystal|custom|digit|discret|emphas|equal|factor|formal|general"
    r"|initial|ion|linear|local|magnet|maxim|minim|normal|optim|organ|parametr|parameter|penal"
    r"|polar|quant|random|real|recogn|regular|special|summar|symmetr|synchron|token|util|visual))"
    r"is(e|es|ed|ing|er|ers|able|ability)"
)
_BRITISH_NOUN = re.compile(r"(\w{3,})isation(s|al)?")
# Short forms in the plural, which have no vowel by which a stemmer would know it: LLMs, CNNs.
_SHORT_FORMS = re.compile(r"[bcdfghjklmnpqrstvwxz]{3,}(?<!s)s")
_NO_PLURALS = frozenset({"cdms", "gnss", "sdss"})


def stem(word: str) -> str:
    """The stem of a lower-case word; anything but plain letters stays as it is."""
    if not (word.isascii() and word.isalpha() and len(word) < _LONGEST):
        return word
    if family := FAMILIES.get(word):
        return family
    if match := _BRITISH_NOUN.fullmatch(word):
        word = f"{match[1]}ization"
    elif match := _BRITISH.fullmatch(word):
        word = f"{match[1]}iz{match[2]}"
    if match := _IZE.fullmatch(word):
        return match[1]
    if word.endswith(("ification", "ifications")):
        # As classify and classifier have it.
        return _snowball.stem(word) + "i"
    if _SHORT_FORMS.fullmatch(word) and word not in _NO_PLURALS:
        return word[:-1]
    return _snowball.stem(word)


class _Snowball(threading.local):
    """A stemmer for each thread: it works in place. `search.analysis` remembers what it says."""

    def __init__(self) -> None:
        self._stemmer = Stemmer.Stemmer("english", 0)

    def stem(self, word: str) -> str:
        return str(self._stemmer.stemWord(word))


_snowball = _Snowball()
