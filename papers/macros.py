r"""Macros of authors and packages that mean one thing to all who write them, and what else has to
be rewritten before the converter reads it.

Pure tables and text; converting is `papers.maths`. Nothing here guesses. `\la` is \lambda to some,
"less or about" to others and \langle to a third, so it is not here; neither are single letters
(`\C`, `\F`), but in the few places where they can only be one thing.
"""

import re
import string


def _make_macros() -> dict[str, str]:
    macros: dict[str, str] = {}

    def put(form: str, names: str) -> None:
        for name in names.split():
            macros[name] = form.replace("?", name)

    # Not \AA (Å) nor doubles that also stand for sheaves or groups (\GG, \HH, \LL, \OO, \SS).
    for letter in "CEFKNPQRTZ":
        macros[letter * 2] = rf"\mathbb{{{letter}}}"
    for letter in "NQRZ":
        macros[f"I{letter}"] = rf"\mathbb{{{letter}}}"
    for letter in string.ascii_uppercase:
        macros[f"bb{letter}"] = rf"\mathbb{{{letter}}}"
        for prefix in ("c", "cal", "mc", "mcal"):
            macros[f"{prefix}{letter}"] = rf"\mathcal{{{letter}}}"
        macros[f"scr{letter}"] = rf"\mathscr{{{letter}}}"
    for letter in string.ascii_letters:
        for prefix in ("frak", "mf", "mfrak"):
            macros[f"{prefix}{letter}"] = rf"\mathfrak{{{letter}}}"
    put(r"\mathbb{C}", "complex complexes")
    put(r"\mathbb{Z}", "integers ints")
    put(r"\mathbb{N}", "naturals nats")
    put(r"\mathbb{Q}", "rationals")
    put(r"\mathbb{R}", "RRR")

    for short, letter in {
        "eps": "epsilon", "epsi": "epsilon", "veps": "varepsilon", "vep": "varepsilon",
        "vphi": "varphi", "vtheta": "vartheta", "vrho": "varrho", "al": "alpha", "alp": "alpha",
        "gam": "gamma", "Gam": "Gamma", "Ga": "Gamma", "ka": "kappa", "kap": "kappa",
        "lam": "lambda", "Lam": "Lambda", "La": "Lambda", "lamda": "lambda", "Lamda": "Lambda",
        "sig": "sigma", "Sig": "Sigma", "om": "omega", "Om": "Omega", "ome": "omega",
        "Ome": "Omega",
    }.items():  # fmt: skip
        macros[short] = rf"\{letter}"

    # Functions, groups, functors and classes, written as they are called.
    put(
        r"\operatorname{?}",
        "Ad Ann Arg Ass Aut Coker Conv Corr Cov Def Der Det Diff Div Emb End Ext Frac Fun Gal "
        "Hess Hilb Hol Hom Homeo Id Ind Inn Irr Iso Isom Jac Ker Lip Map Mod Mor Ob Out Pic "
        "Proj Quot Rank Rep Res Ric Sing Soc Spec Specm Spf Stab Supp Sym Tor Tr Trace Var Vect "
        "Vol arccosh arccot arcosh arcsinh arctanh arsinh artanh card codim coker corank cosech "
        "cov curl diag diam erfi esssup essinf grad hocolim holim id lcm polylog rank sech "
        "sgn sign sinc span supp tr vol dvol trdeg sym lex",
    )
    put(
        r"\mathrm{?}",
        "GL SL SO SU PSL PGL PSU Sp GSp USp OSp Spin GeV MeV TeV keV Mpc kpc NP coNP PSPACE "
        "EXPTIME NEXP BPP BQP QMA SNR BMO VMO",
    )
    put(r"\mathrm{GeV}", "gev")
    put(r"\mathrm{MeV}", "mev")
    put(r"\mathrm{TeV}", "tev")
    put(r"\lesssim", "lsim simlt ltsim lesim leqsim alt")
    put(r"\gtrsim", "gsim simgt gtsim gesim geqsim agt")
    put(r"\lessapprox", "lapprox")
    put(r"\gtrapprox", "gapprox")
    put(r"\tfrac{1}{2}", "half onehalf")
    put(r"\ldots", "dotsc dotso")
    put(r"\cdots", "dotsb dotsm dotsi")
    put(r"\underrightarrow{\lim}", "varinjlim dirlim")
    put(r"\underleftarrow{\lim}", "varprojlim invlim")
    put(r"M_{\odot}", "Msun msun")
    put(r"L_{\odot}", "Lsun lsun")
    put(r"R_{\odot}", "Rsun rsun")
    put(r"{}^{\circ}", "degr")
    put(r"\mathrm{km}\,\mathrm{s}^{-1}", "kms")
    put(r"\mathscr{I}", "scri")
    put(r"\bar{p}", "pbar")
    put(r"\mathbb{Q}_p", "Qp")
    put(r"\mathbb{Z}_p", "Zp")
    put(r"\mathbb{F}_p", "Fp")
    put(r"\mathbb{F}_q", "Fq")
    # Of packages and older formats, with what they are applied to.
    put(r"\mathbb{#1}", "mathds mathbbm mathbbmss mbb")
    put(r"\mathcal{#1}", "Cal pazocal mathpzc mcal")
    put(r"\mathscr{#1}", "scr EuScript euscr mscr")
    put(r"\mathfrak{#1}", "mfrak goth")
    put(r"\boldsymbol{#1}", "pmb bbox mathbit")
    put(r"\mathbf{#1}", "mbf")
    put(r"\mathsf{#1}", "msf")
    put(r"\mathrm{#1}", "mrm rom roman")
    put(r"\mathit{#1}", "mit")
    put(r"\widehat{#1}", "wh")
    put(r"\overline{#1}", "ol ovl")
    put(r"\operatorname{#1}", "func")
    put(r"\text{#1}", "mbox hbox textup textnormal textmd")
    put(r"\begin{matrix}#1\end{matrix}", "substack")
    return macros


MACROS = _make_macros()
"""What the converter does not know by itself: name to definition."""

# Where only one thing can be meant. Spaces are bounded: hostile input must not cost a square.
_CERTAIN: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), target)
    for pattern, target in (
        # Powers of the complex numbers, the projective line, space or plane, a sphere, a torus.
        (r"\\([CPST])(?= {0,3}\^ {0,3}(?:[0-9nmNd]|\{ {0,3}(?:[0-9]{1,3}|[nmNd])\b))",
         r"\\mathbb{\1}"),
        (r"(?<=[0-9nN],) {0,3}\\C(?= {0,3}\))", r"\\mathbb{C}"),
        # Fields: p-adic numbers, q elements.
        (r"\\Q(?= {0,3}_ {0,3}(?:p\b|\\ell|\{ {0,3}(?:p|\\ell)))", r"\\mathbb{Q}"),
        (r"\\F(?= {0,3}_ {0,3}(?:q\b|\{ {0,3}(?:q|p {0,3}\^)))", r"\\mathbb{F}"),
        (r"\\b([RCQZN])(?= {0,3}\^ {0,3}(?:[0-9nmNd]|\{ {0,3}(?:[0-9]{1,3}|[nmNd])))",
         r"\\mathbb{\1}"),
        (r"\\([CR])P(?= {0,3}\^)", r"\\mathbb{\1P}"),
        (r"\\wt(?= {0,3}\{| [A-Za-z])", r"\\widetilde"),
        (r"\\([nN]orm) {0,3}\{([^{}]{0,400}(?:\{[^{}]{0,200}\}[^{}]{0,200}){0,5})\}",
         r"\\left\\lVert \2\\right\\rVert "),
        (r"\\([aA]bs) {0,3}\{([^{}]{0,400}(?:\{[^{}]{0,200}\}[^{}]{0,200}){0,5})\}",
         r"\\left\\lvert \2\\right\\rvert "),
        (r"\\(depth|grade|dist|conv|reg|ind|cl|cf|sn|cn|dn|poly|dom|ran|loc|ord|ad|pd|Cl|Rad|Lie|ht)"
         r"(?= {0,3}(?:\(|\\left\())", r"\\operatorname{\1}"),
        # TeX's own other names of ^ and _, behind what they can stand at.
        (r"(?<=[\w})\]]) {0,3}\\sp(?: {1,3}(?=[\w\\])|(?=\{))", "^"),
        (r"(?<=[\w})\]]) {0,3}\\sb(?: {1,3}(?=[\w\\])|(?=\{))", "_"),
        # Delimiters that LaTeX takes for angles.
        (r"\\(left|middle|bigl?|Bigl?|biggl?|Biggl?) {0,3}<", r"\\\1\\langle "),
        (r"\\(right|bigr|Bigr|biggr|Biggr) {0,3}>", r"\\\1\\rangle "),
        (r"\\protect(?![A-Za-z])", ""),
        (r"(?<=\}) {0,3}\\nolimits(?![A-Za-z])", ""),
        (r"\\operatorname\*? {0,3}\{ {0,3}\\(math[a-z]+|text[a-z]*) {0,3}\{([^{}]{0,100})\} ?\}",
         r"\\mathop{\\\1{\2}}"),
        (r"\\begin\{eqnarray\*?\}", r"\\begin{array}{rcl}"),
        (r"\\end\{eqnarray\*?\}", r"\\end{array}"),
        (r"\\(?:nonumber|notag)(?![A-Za-z])|\\label\{[^{}]{0,100}\}", ""),
        # The sign itself: as a parameter it would stand in a definition only.
        (r"(?<!\\)#", r"\\#"),
    )
)  # fmt: skip
_CHARACTER = re.compile(r"\\unicode\{(?:x([0-9a-fA-F]{2,5})|([0-9]{2,6}))\}")

# A name before a brace is somebody's macro with an argument: \SO{3}, \Lie{g}.
_NAME_WITH_ARGUMENT = re.compile(
    r"\\(?:"
    + "|".join(n for n, t in MACROS.items() if t.startswith((r"\operatorname{", r"\mathrm{"))
               and "#" not in t)
    + r") {0,3}\{"
)  # fmt: skip
_TEXT_WITH_MATHS = re.compile(
    r"\\(?:mbox|hbox|text|textrm|textup|textnormal) {0,3}\{([^{}$]{0,300}\$[^{}]{0,300})\}"
)

_PLAIN_TEXT = re.compile(r"\\(?:mbox|hbox|text[a-z]*) {0,3}\{[^{}$]{0,300}\}")
_BARE_LINE = re.compile(r"(?<!\\)_")

# A percent sign begins a comment in LaTeX, and so would take the rest of a formula away. In
# abstracts, whose lines were joined, it is a comment at a line's end only behind what needs one.
_PERCENT_OF = re.compile(r"(?<=[0-9\w)}])( {0,2}|\\[,;! ]?)(?<!\\)%")
_LINE_END = re.compile(r"(?<!\\)%(?=\s|$)")
_PERCENT = re.compile(r"(?<!\\)%")


def keep_percents(latex: str) -> str:
    """The same with its percent signs shown, not read as comments."""
    if "%" not in latex:
        return latex
    return _PERCENT.sub(r"\\%", _LINE_END.sub("", _PERCENT_OF.sub(r"\1\\%", latex)))


def rewrite(latex: str) -> str | None:
    """A formula so that the converter, given `MACROS`, may read it; None where a name
    stands for something else than it says.

    Costs about 30 microseconds; time grows with the length alone.
    """
    if _NAME_WITH_ARGUMENT.search(latex):
        return None
    latex = _TEXT_WITH_MATHS.sub(_part_text, _CHARACTER.sub(_name_character, _settle(latex)))
    return _PLAIN_TEXT.sub(lambda match: _BARE_LINE.sub(r"\\_", match[0]), latex)


def _settle(latex: str) -> str:
    for pattern, target in _CERTAIN:
        latex = pattern.sub(target, latex)
    return latex


def _name_character(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else int(match[2])
    return rf"\text{{{chr(code)}}}" if 0x20 < code < 0x11_0000 and chr(code).isprintable() else ""


def _part_text(match: re.Match[str]) -> str:
    """Text that holds maths of its own, as text and maths in turns."""
    parts = match[1].split("$")
    if len(parts) % 2 == 0:
        return match[0]
    return "".join(
        f"{{{part}}}" if number % 2 else rf"\text{{{part}}}" if part else ""
        for number, part in enumerate(parts)
    )
