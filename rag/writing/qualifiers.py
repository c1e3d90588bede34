"""Words that decide what a sentence claims: left out, they make another claim of it. English only."""

from __future__ import annotations

import re

from rag.likeness.house_style import NEGATIONS


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


OF_SENTENCES = _set(
    "said say saying told tell telling according claim claimed claiming allege alleged allegedly reportedly argue "
    "argued warn warned deny denied believe believed think thought estimate estimated suggest suggested accuse accused "
    "accusing insist insisted assert asserted contend contended rumour rumoured rumor rumored deem deemed supposedly "
    "if unless whether assuming provided suppose supposing would-be false untrue wrong wrongly mistaken mistakenly "
    "hoax myth fake imagine imagined pretend pretended dream dreamt dreamed fiction fictional satire satirical joke "
    "joked hypothetical"
)
"""Who says it, and on what condition: these reach over the commas of their sentence."""

SPEECH = _set(
    "report reported add added note noted announce announced explain explained confirm confirmed write wrote declare "
    "declared indicate indicated reveal revealed show showed found find conclude concluded comment commented"
)
"""At the end or the beginning of a sentence these tell who says it; elsewhere they are common words."""

_NEGATIONS = NEGATIONS | _set(
    "nowhere hardly barely scarcely rarely seldom cannot nor except unlike instead ceased stop"
)
_MODALS = _set("may might could would should can will shall must ought")
_HEDGES = _set("likely unlikely possibly probably perhaps maybe potentially apparently seemingly seem seemed appear")
_MEASURES = _set(
    "nearly almost approximately roughly only half part partly partially mostly mainly none approx exactly just least"
)
_INTENTIONS = _set(
    "plan planned planning want wanted hope hoped hoping aim aimed aiming intend intended expect expected expecting "
    "try tried trying attempt attempted attempting seek sought seeking propose proposed proposing consider considered "
    "considering agree agreed promise promised vow vowed threaten threatened offer offered ask asked urge urged order "
    "ordered schedule scheduled demand demanded request requested refuse stopped prepare prepared preparing forecast "
    "project projected predict predicted prevent prevented avoid avoided prohibit prohibited ban banned delay delayed "
    "postpone postponed cancel cancelled canceled"
)
OF_CLAUSES = _NEGATIONS | _MODALS | _HEDGES | _MEASURES | _INTENTIONS
"""Whether and how far: these reach over their own clause."""

_QUANTIFIERS = _set("all every each any some many few several both majority minority most more less fewer lot handful")
_PRIVATIVES = _set("former formerly ex acting deputy vice assistant potential possible toy mock counterfeit last next")
OF_NOUNS = _QUANTIFIERS | _PRIVATIVES
"""How many and which: these change the next noun, and so do ordinals."""

OF_NUMBERS = _set("about around over under above below up than exceeding beyond")
"""These change the number that follows."""

RELATIONS = _set(
    "about above across after against along among around as at before behind below beneath beside besides between "
    "beyond by despite during for from in inside into like near of off on onto out outside over past per since through "
    "throughout to toward towards under until up upon via with within without"
)
AUXILIARIES = _set("is are was were be been has have had do does did may might could would should can will shall must")
RELATIVES = _set("who whom whose which that where when what why how")
COORDINATORS = _set("and or but nor while whereas although though because so yet then")
ARTICLES = _set("a an the")
DROPPED_AT_WILL = _set("also too has have had now still already then however meanwhile moreover instead of") - {
    "of",
    "instead",
}
FIRST_PERSON = _set("i we us my our me you your")
ENGLISH = _set("the of and to for with were by has it")
"""A sentence without any of these is hardly English; these lists say nothing of it."""

_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")


def changes_a_noun(key: str) -> bool:
    """Whether a folded word makes another thing of the noun that follows."""
    return key in OF_NOUNS or _ORDINAL.fullmatch(key) is not None


def is_qualifier(key: str) -> bool:
    """Whether a folded word qualifies anything, be it a sentence, a clause or a noun."""
    return key in OF_CLAUSES or key in OF_SENTENCES or changes_a_noun(key)
