"""What LaTeX's maths commands are in Unicode: the tables of `papers.formulas`.

The names are TeX's, LaTeX's and the AMS's, and those few of authors that always mean the same.
"""

import unicodedata
from enum import Enum, auto
from typing import Final


class Role(Enum):
    """What a piece of a formula is, which decides where spaces go."""

    ORDINARY = auto()
    WORD = auto()
    OPERATOR = auto()
    BINARY = auto()
    SIGN = auto()
    RELATION = auto()
    OPEN = auto()
    CLOSE = auto()
    BAR = auto()
    PUNCTUATION = auto()
    FRACTION = auto()
    SPACE = auto()
    TEXT = auto()


def _read(role: Role, table: str) -> dict[str, tuple[Role, str]]:
    words = table.split()
    return {name: (role, text) for name, text in zip(words[::2], words[1::2], strict=True)}


def read_names(text: str) -> frozenset[str]:
    """The words of a table, each once."""
    return frozenset(text.split())


SYMBOLS: Final[dict[str, tuple[Role, str]]] = {
    **_read(
        Role.ORDINARY,
        """
        alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ
        iota ι kappa κ varkappa ϰ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ
        sigma σ varsigma ς tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω digamma ϝ
        Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
        varGamma Γ varDelta Δ varTheta Θ varLambda Λ varXi Ξ varPi Π varSigma Σ varPhi Φ varPsi Ψ
        varOmega Ω infty ∞ partial ∂ nabla ∇ ell ℓ hbar ℏ hslash ℏ Re ℜ Im ℑ wp ℘ aleph ℵ beth ℶ
        emptyset ∅ varnothing ∅ exists ∃ nexists ∄ forall ∀ neg ¬ lnot ¬ prime ′ imath ı jmath ȷ
        top ⊤ bot ⊥ angle ∠ measuredangle ∡ triangle △ square □ Box □ Diamond ◇ lozenge ◊
        blacksquare ■ clubsuit ♣ diamondsuit ♦ heartsuit ♥ spadesuit ♠ flat ♭ natural ♮ sharp ♯
        degree ° S § P ¶ checkmark ✓ surd √ complement ∁ mho ℧ eth ð Bbbk 𝕜 AA Å aa å ss ß
        ldots … dots … cdots ⋯ dotsc … dotsb ⋯ dotsm ⋯ vdots ⋮ ddots ⋱ backslash \\ circledR ®
        copyright © pounds £ textdegree ° lbrack [ rbrack ] bigstar ★ circledast ⊛ colon : And &
        % % # # & & $ $ _ _
        RR ℝ CC ℂ ZZ ℤ NN ℕ QQ ℚ FF 𝔽 R ℝ Z ℤ Q ℚ N ℕ C ℂ bbR ℝ bbC ℂ bbZ ℤ bbN ℕ bbQ ℚ
        eps ε veps ε
        """,
    ),
    **_read(
        Role.BINARY,
        """
        pm ± mp ∓ times × div ÷ cdot ⋅ ast ∗ star ⋆ circ ∘ bullet ∙ cap ∩ cup ∪ uplus ⊎ sqcap ⊓
        sqcup ⊔ vee ∨ lor ∨ wedge ∧ land ∧ setminus ∖ smallsetminus ∖ wr ≀ diamond ⋄ oplus ⊕
        ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙ dagger † dag † ddagger ‡ ddag ‡ amalg ⨿ ltimes ⋉
        rtimes ⋊ bowtie ⋈ boxtimes ⊠ boxplus ⊞ boxdot ⊡ bigcirc ◯ triangleleft ◁ triangleright ▷
        cdotp ⋅ barwedge ⊼ veebar ⊻ curlywedge ⋏ curlyvee ⋎ divideontimes ⋇ intercal ⊺
        lhd ⊲ rhd ⊳ unlhd ⊴ unrhd ⊵ dotplus ∔ Cap ⋒ Cup ⋓ bmod mod mod mod
        """,
    ),
    **_read(
        Role.RELATION,
        """
        le ≤ leq ≤ leqslant ⩽ leqq ≦ ge ≥ geq ≥ geqslant ⩾ geqq ≧ lt < gt > ne ≠ neq ≠ ll ≪ gg ≫
        lll ⋘ ggg ⋙ equiv ≡ sim ∼ nsim ≁ simeq ≃ approx ≈ approxeq ≊ cong ≅ ncong ≇ propto ∝
        varpropto ∝ doteq ≐ asymp ≍ lesssim ≲ gtrsim ≳ simlt ≲ simgt ≳ lessapprox ⪅ gtrapprox ⪆
        prec ≺ succ ≻ preceq ⪯ succeq ⪰ preccurlyeq ≼ succcurlyeq ≽ precsim ≾ succsim ≿
        subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊ supsetneq ⊋ subseteqq ⫅ supseteqq ⫆
        nsubseteq ⊈ nsupseteq ⊉ sqsubset ⊏ sqsupset ⊐ sqsubseteq ⊑ sqsupseteq ⊒ Subset ⋐ Supset ⋑
        in ∈ notin ∉ ni ∋ owns ∋ vdash ⊢ dashv ⊣ models ⊨ vDash ⊨ Vdash ⊩ nvdash ⊬ nvDash ⊭
        perp ⊥ mid ∣ nmid ∤ parallel ∥ nparallel ∦ smile ⌣ frown ⌢ nless ≮ ngtr ≯ nleq ≰ ngeq ≱
        coloneqq ≔ coloneq ≔ eqqcolon ≕ triangleq ≜ lessgtr ≶ gtrless ≷ between ≬ therefore ∴
        because ∵ trianglelefteq ⊴ trianglerighteq ⊵ vartriangleleft ⊲ vartriangleright ⊳
        to → rightarrow → longrightarrow ⟶ gets ← leftarrow ← longleftarrow ⟵ leftrightarrow ↔
        longleftrightarrow ⟷ Rightarrow ⇒ Longrightarrow ⟹ implies ⟹ Leftarrow ⇐ Longleftarrow ⟸
        impliedby ⟸ Leftrightarrow ⇔ Longleftrightarrow ⟺ iff ⟺ mapsto ↦ longmapsto ⟼
        hookrightarrow ↪ hookleftarrow ↩ twoheadrightarrow ↠ twoheadleftarrow ↞
        rightarrowtail ↣ rightharpoonup ⇀ rightharpoondown ⇁ leftharpoonup ↼ leftharpoondown ↽
        rightleftharpoons ⇌ leftrightharpoons ⇋ rightrightarrows ⇉ leftrightarrows ⇆
        rightleftarrows ⇄ rightsquigarrow ⇝ leadsto ⇝ dashrightarrow ⇢ curvearrowright ↷
        uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ nearrow ↗ searrow ↘ swarrow ↙
        nwarrow ↖ upharpoonright ↾ restriction ↾ nrightarrow ↛ nleftarrow ↚ nRightarrow ⇏
        circlearrowleft ↺ circlearrowright ↻ multimap ⊸
        """,
    ),
    **_read(
        Role.OPEN,
        "{ { lbrace { langle ⟨ lfloor ⌊ lceil ⌈ lvert | lVert ‖ llbracket ⟦ ulcorner ⌜",
    ),
    **_read(
        Role.CLOSE,
        "} } rbrace } rangle ⟩ rfloor ⌋ rceil ⌉ rvert | rVert ‖ rrbracket ⟧ urcorner ⌝",
    ),
    **_read(Role.BAR, "| ‖ Vert ‖ vert |"),
}

# Named as they are read where there is no sign.
OPERATORS: Final[dict[str, str]] = {
    **dict.fromkeys(
        read_names(
            """
        arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim ln
        log max min sec sin sinh sup tan tanh Pr argmax argmin Tr tr rank diag sgn sign poly
        polylog Hom Ext End Aut Spec Gal Tor Pic
        """
        ),
        "",
    ),
    "limsup": "lim sup",
    "liminf": "lim inf",
    "injlim": "inj lim",
    "projlim": "proj lim",
    "sum": "∑",
    "prod": "∏",
    "coprod": "∐",
    "int": "∫",
    "iint": "∬",
    "iiint": "∭",
    "oint": "∮",
    "bigcup": "⋃",
    "bigcap": "⋂",
    "bigvee": "⋁",
    "bigwedge": "⋀",
    "bigoplus": "⨁",
    "bigotimes": "⨂",
    "bigodot": "⨀",
    "biguplus": "⨄",
    "bigsqcup": "⨆",
}

SPACES: Final = {
    **dict.fromkeys((",", ";", ":", ">", " ", "quad", "qquad", "enspace", "thinspace"), " "),
    **dict.fromkeys(("!", "/", "-", "negthinspace", "allowbreak", "relax", "xspace"), ""),
}

# Size and style: nothing to read.
IGNORED: Final = read_names(
    "displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits nonumber notag "
    "big Big bigg Bigg bigl bigr bigm Bigl Bigr Bigm biggl biggr Biggl Biggr small "
    "normalfont protect"
)

TEXTS: Final = read_names(
    "text textrm textit textbf textsf texttt textnormal textup textsl textsc mbox hbox emph"
)

# Weight and slope are left out: a letter in bold is read as the letter.
PLAIN_FONTS: Final = read_names(
    "mathrm mathbf mathit mathsf mathtt mathnormal boldsymbol bm pmb bold mathbold boldmath "
    "symbf symbfit mit bf rm it sf tt sl sc operatorfont"
)

# Those that stand without an argument and mean the rest of their group: `{\\cal O}`.
DECLARED: Final = read_names("cal mit frak bf rm it sf tt sl sc boldmath")

ACCENTS: Final = {
    "hat": "\u0302",
    "widehat": "\u0302",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "bar": "\u0304",
    "overline": "\u0305",
    "underline": "\u0332",
    "vec": "\u20d7",
    "overrightarrow": "\u20d7",
    "dot": "\u0307",
    "ddot": "\u0308",
    "check": "\u030c",
    "breve": "\u0306",
    "acute": "\u0301",
    "grave": "\u0300",
    "mathring": "\u030a",
}


def _alphabet(style: str, older: str) -> dict[int, str]:
    """Letters of a style. Unicode had some of them before the others, under `older` names."""
    found = {}
    for case, first in (("CAPITAL", "A"), ("SMALL", "a")):
        for number in range(26):
            letter = chr(ord(first) + number)
            name = f"{case} {letter.upper()}"
            try:
                found[ord(letter)] = unicodedata.lookup(f"MATHEMATICAL {style} {name}")
            except KeyError:
                found[ord(letter)] = unicodedata.lookup(f"{older} {name}")
    return found


_DOUBLE: Final = {**_alphabet("DOUBLE-STRUCK", "DOUBLE-STRUCK"), ord("1"): "𝟙"}
_SCRIPT: Final = _alphabet("SCRIPT", "SCRIPT")
_FRAKTUR: Final = _alphabet("FRAKTUR", "BLACK-LETTER")

ALPHABETS: Final = {
    "mathbb": _DOUBLE,
    "Bbb": _DOUBLE,
    "mathbbm": _DOUBLE,
    "mathds": _DOUBLE,
    "mathcal": _SCRIPT,
    "mathscr": _SCRIPT,
    "cal": _SCRIPT,
    "Cal": _SCRIPT,
    "pazocal": _SCRIPT,
    "mathfrak": _FRAKTUR,
    "frak": _FRAKTUR,
}

# What plain LaTeX and the AMS call the names that only authors, or rarer packages, define.
ABBREVIATIONS: Final = {
    **{f"{letter}{letter}": f"\\mathbb{{{letter}}}" for letter in "RCZNQF"},
    **{letter: f"\\mathbb{{{letter}}}" for letter in "RCZNQ"},
    **{f"bb{letter}": f"\\mathbb{{{letter}}}" for letter in "RCZNQ"},
    **dict.fromkeys(("Bbb", "mathbbm", "mathds"), "\\mathbb"),
    **dict.fromkeys(("Cal", "pazocal"), "\\mathcal"),
    **dict.fromkeys(("bold", "mathbold", "symbf", "symbfit", "bm"), "\\boldsymbol"),
    **{f"var{name}": f"\\{name}" for name in read_names("Gamma Delta Theta Lambda Xi Pi Sigma")},
    **{f"var{name}": f"\\{name}" for name in read_names("Phi Psi Omega")},
    "eps": "\\varepsilon",
    "veps": "\\varepsilon",
    "omicron": "o",
    "simlt": "\\lesssim",
    "simgt": "\\gtrsim",
    "mit": "\\mathit",
}

SUPERSCRIPTS: Final = dict(
    zip(
        "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ′″*∗⋆∘†‡⊤",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ′″**⋆°†‡ᵀ",
        strict=True,
    )
)
SUBSCRIPTS: Final = dict(
    zip(
        "0123456789+−=()aehijklmnoprstuvxβγρφχ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
        strict=True,
    )
)
