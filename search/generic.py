"""Words that every paper uses, whatever it is about: they neither link papers nor name a subject.

Unlike stop words they are searched for; they are only never shown as what a paper is about.
"""

from search import analysis

# These begin and end no phrase either.
_NEVER = """
able accordingly account accurate accurately achieve across actually add additional additionally
address adopt advance advantage affect aim allow allows almost along already although always
analyse analysis and another apart appear applicable application applications apply approach
approaches appropriate approximately argue arise article aspect aspects assume assumption attempt
author authors available avoid based become believe benefit better beyond bring calculate called
cannot capable carry cases certain challenges challenging characterize choose clear clearly
combine common commonly comparable compare comparison completely comprehensive concept conclude
conclusion conduct confirm consequence consider considerable consist consistent constitute
construct contain contribute contribution conventional correspond corresponding crucial current
currently deal define definition demonstrate depend describe description desired despite detail
detailed details determine develop development devoted differ different difficult directly discuss
discussion distinct due easily easy effective effectively effectiveness efficiency efficient
efficiently effort emphasize employ enable enhance ensure entire especially essential establish
establishing et evaluate even example examples exhibit exist existing expect explain explicitly
explore express extend extensive extremely facilitate fact fail fails far finally find findings
focus follow followed following formulate fully furthermore gave generally give given great
greatly hand help highlight highly hold however identify illustrate impact implement
implementation implication importance important improve improved improvement include including
increase increasing increasingly indeed indicate input insight instance instead interesting
introduce investigate investigation involve issues keep key kind know known lack largely later
lead leads least less let letter leverage like likely limited literature made main mainly major
make making manner manuscript many may means meanwhile method methodology methods moreover
motivate motivated namely necessary need never new notably note novel numerous observe obtain
obtained occur offer often outperform overall overcome overview paper papers particular
particularly per perform perspective play possibility potentially practical practice precisely
presence present presented previous previously primarily produce promising propose proposed prove
provide provides purpose quite rapidly rather reasonable recall recent recently reduce refer
regard relate related relatively relevant rely remain remains remarkable require requirement
research researchers respect respective respectively result resulting results reveal satisfy
scenarios scope section seem select several shared show showed shown shows significance
significant significantly similarly simply simultaneously since situation solve some sometimes
specifically start still straightforward strongly studied studies study studying substantial
substantially successful successfully suffer sufficient suggest suitable summarize superior take
technique techniques tend therefore think thus together tool tools treat typical typically
understand unfortunately upon use used useful uses using usual usually utilize valid validate
various vary verify via vital way ways well whereas whether whole wide widely within works would
yet yield yields
"""
# These say something together with others only: large language models, inverse problem.
_WITH_OTHERS = """
absolute abstract additive basis behavior behaviour best broad case cause challenge choice
complete complex complexity compute condition conditions constraint context contrast data design
difference direct early effect effects end evaluation evidence exact experiment experimental
experiments explicit extension factor few final finding first five form four framework full
fundamental gain general good hard high higher idea independent individual influence interest
issue knowledge large last level limit limitation limits little long low lower mathematical mean
million modern multiple natural nature next number numerical objective open order ordinary
original part parts performance phenomenon point points possible potential precise principle
problem problems procedure process proof properties property question questions range rapid rate
real reason reference relation relative report represent review right role scenario scheme second
separate set setting settings similar simple single six size small solution special specific
standard state strategy strong support survey system systematic task term terms test theoretical
third three topic total traditional treatment true turn two type types understanding unique user
value values variety version view work world zero
"""
_NEVER_TOKENS = frozenset(map(analysis.stem, _NEVER.split())) | frozenset(
    map(analysis.stem, analysis.STOP_WORDS)
)
_TOKENS = _NEVER_TOKENS | frozenset(map(analysis.stem, _WITH_OTHERS.split()))


def is_generic(token: str) -> bool:
    """Whether the stem of a word alone says nothing about a paper's subject, as no number does."""
    return token in _TOKENS or token.isdigit() or len(token) < 2


def is_always_generic(token: str) -> bool:
    """Whether it says nothing at the beginning or the end of a phrase either."""
    return token in _NEVER_TOKENS
