"""What outlets change when they carry a story: tables of spellings and abbreviations, and of what surrounds a story."""

from __future__ import annotations

import re

NOT = "not"


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("January", "Jan"),
            ("February", "Feb"),
            ("March", "Mar"),
            ("April", "Apr"),
            ("May",),
            ("June", "Jun"),
            ("July", "Jul"),
            ("August", "Aug"),
            ("September", "Sept", "Sep"),
            ("October", "Oct"),
            ("November", "Nov"),
            ("December", "Dec"),
        ),
        start=1,
    )
    for name in names
}
MONTH_KEYS = frozenset(name.lower() for name in MONTHS)
WEEKDAYS = {
    short: day
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    for short in (day[:3], day[:4], day[:5])
} | {"weds": "wednesday"}
WEEKDAY_KEYS = frozenset(WEEKDAYS.values())

_CARDINALS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
NUMBERS = (
    {word: str(value) for value, word in enumerate(_CARDINALS.split())}
    | {word: str(value * 10) for value, word in enumerate(_TENS.split(), start=2)}
    | {word: f"{value}{_ENDINGS.get(value, 'th')}" for value, word in enumerate(_ORDINALS.split(), start=1)}
    | {"dozen": "12"}
)
SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
SUFFIXES = {"mn": 10**6, "bn": 10**9, "tn": 10**12}

SYMBOLS = {"$": "$", "€": "€", "£": "£", "¥": "¥", "₹": "₹", "%": "%", "p": "%"}
CURRENCIES = frozenset("$€£¥₹")

SPELLED_ALIKE: dict[str, tuple[str, ...]] = {
    "percent": ("%",),
    "pct": ("%",),
    "dollar": ("$",),
    "dollars": ("$",),
    "euro": ("€",),
    "euros": ("€",),
    "yen": ("¥",),
    "rupees": ("₹",),
    "cannot": ("can", NOT),
    "kiev": ("kyiv",),
    "odessa": ("odesa",),
    "kharkov": ("kharkiv",),
    "zelenskiy": ("zelensky",),
    "zelenskyy": ("zelensky",),
    "hizbollah": ("hezbollah",),
    "hizbullah": ("hezbollah",),
    "qaida": ("qaeda",),
    "qadhafi": ("gaddafi",),
    "qaddafi": ("gaddafi",),
    "koran": ("quran",),
    "turkiye": ("turkey",),
    "grey": ("gray",),
    "kilometres": ("km",),
    "kilometers": ("km",),
    "kilometre": ("km",),
    "kilometer": ("km",),
    "kilograms": ("kg",),
    "kilogram": ("kg",),
} | {short: (day,) for short, day in WEEKDAYS.items() if short not in ("sun", "sat", "mon", "wed")}

SPELLINGS = {
    "isation": "ization",
    "isations": "izations",
    "ise": "ize",
    "ised": "ized",
    "ising": "izing",
    "our": "or",
    "ours": "ors",
    "oured": "ored",
    "tre": "ter",
    "tres": "ters",
    "ence": "ense",
    "ogue": "og",
    "amme": "am",
    "elled": "eled",
    "elling": "eling",
}
"""British endings and their American ones. Words that are neither are folded too, on both sides alike."""

TITLES = _set(
    "mr mrs ms miss mx dr prof professor sir dame lord lady president vice prime minister premier chancellor king "
    "queen prince princess pope mayor gov governor sen senator rep representative congressman congresswoman secretary "
    "gen general col colonel lt lieutenant capt captain sgt sergeant maj major adm admiral judge justice chief ceo "
    "chairman chairwoman chairperson chair director spokesman spokeswoman spokesperson mp st jr"
)
STOPS_NO_SENTENCE = _set("mr mrs ms dr prof gov sen rep gen col lt capt sgt maj adm st jr no vs inc corp co")
AGENCIES = _set("reuters ap afp associated press agence presse dpa upi kyodo xinhua ansa efe tass yonhap bloomberg pa")
NEGATIONS = _set(
    "not no never none nor neither without nobody nothing unable fails fail failed failing refuse refused refuses "
    "refusing deny denied denies denying lack lacks lacked reject rejected rejects"
)
CHANGERS = frozenset((NOT, "never", "no"))
"""Negations that turn a statement round when they are put in or taken out."""

SMALL_WORDS = _set(
    "a an the this that these those it its he she they we you i his her their our your my who what when where why how "
    "which while if as at by for from in into of off on onto out over to under up with within without and but or nor "
    "so yet not no after before since until during about above across against along among around behind below beneath "
    "beside besides between beyond despite down except inside like near outside past per through throughout toward "
    "towards upon via there here then now also too still even just only once again later earlier soon today tonight "
    "tomorrow yesterday last next first second both each every either neither all any some many most more much few "
    "several other others another such same however meanwhile moreover although though because instead according "
    "nearly almost perhaps maybe overall elsewhere often sometimes never always is are was were be been has have had "
    "do does did can could will would shall should may might must let"
)
"""Words that make no name, with or without a capital."""

OPENERS = _set(
    "officials authorities police people residents experts critics analysts sources government lawmakers scientists "
    "researchers workers students parents women men children families firefighters doctors nurses teachers dozens "
    "hundreds thousands millions speaking talking asked citing quoting adding responding writing including following "
    "state federal national local city county town village company companies public news study report court house "
    "party new old young former late early big small good bad great high low"
)
"""Words whose capital at the head of a sentence makes no name of them."""
OPENERS_ENDINGS = ("ly", "ed", "ists", "ers", "ors", "ions", "ments", "ities", "ness")
"""A capital at the head of a sentence does not make a name of what ends like this."""

_NAME = r"(?:[A-Z][\w.’'-]*|\d{1,4}|and|in|by|for|of|the|with|de|van|von|al|&)"
_NAMES = rf"{_NAME}(?:[ ,;/|]+{_NAME}){{0,24}}"
_PLACE = r"[A-ZÀ-Þ][\w.’'-]*(?:[ ,/]+(?:[A-ZÀ-Þ][\w.’'-]*|\d{1,4}|of|de)){0,6}"
_MONTH = "|".join(MONTHS)
_DATE = rf"(?:\d{{1,2}} (?:{_MONTH})|(?:{_MONTH})\.? \d{{1,2}})(?:,? \d{{4}})?"
_AGENCY = (
    r"(?:The )?(?:Reuters|AP|AFP|CNN|BBC|dpa|UPI|PA|NPR|Xinhua|Kyodo|Bloomberg|Associated Press)(?: (?:Business|News))?"
)
_DASH = r"[-–—−]+(?=\s|$)"
_CREDITS = rf"(?:Additional reporting|Reporting|Editing|Writing|Written|Compiled) by {_NAMES}\W*$"
_NOTICES = (
    r"©|\(c\)|Copyright|All rights reserved|Our Standards:|Sign[ -]up|Subscribe|Read more|More:|Photos?:|Contributing:"
    r"|Follow (?:us|him|her|them)|Last updated|Click here"
)
SURROUNDINGS = re.compile(
    "|".join(
        (
            rf"[ \t]*{_PLACE},? \([A-Z][\w .]{{1,30}}\)\s*{_DASH}",  # London (Reuters) -
            rf"[ \t]*(?:{_PLACE},? )?\({_AGENCY}\)(?:\s*{_DASH})?",  # (CNN)
            rf"[ \t]*(?:{_PLACE},? )?{_AGENCY}\s*{_DASH}",  # London, AP -
            rf"[ \t]*[A-ZÀ-Þ]{{3}}[A-ZÀ-Þ .’'-]*(?:, ?{_PLACE})?\s+{_DASH}",  # LONDON, May 4 -
            rf"[ \t]*[A-ZÀ-Þ]{{3}}[A-ZÀ-Þ ’'-]*, {_DATE}\s*[.:](?=\s)",  # TAKAMATSU, 4 May 2024.
            rf"\W*(?:By|BY|Story by|Words by) {_NAMES}\W*$",
            rf"\W*{_CREDITS}",
            rf"\W*(?:{_NOTICES}).{{0,200}}$",
            r"\W*(?:Updated|Published|First published)(?:[:,]| \d| at | on ).{0,60}$",
        )
    )
)
"""What outlets put round a story, at the head of a line: dateline, byline, credits, notices, invitations."""

CREDITS = re.compile(rf"\({_CREDITS}")
"""The credits at the end of a line that is otherwise the story's."""
