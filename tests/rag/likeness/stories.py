"""A story of a tanuki, as other outlets might carry it, alter it, or tell it in words of their own."""

from __future__ import annotations

LEAD = "The tanuki Ponpoko opened a shop for leaves on 3 May 2024, and 1,200 visitors came on the first day."
MONEY = "Ponpoko paid $2.5 million for the building, 12 percent more than the old bank had asked in 2019."
MAYOR = 'Mayor Sato of Takamatsu said: "The shop will not harm the city\'s neighbors, who sell no leaves at all."'
OTTERS = (
    "Otters from the U.S. and three engineers of the Kotogawa River Center built the shelves at 10:30 a.m. on Monday."
)
TAIL = "The shop sells leaves of oak, maple and ginkgo, and closes when the last of them has been blown away."
STORY = "\n\n".join((LEAD, MONEY, MAYOR, OTTERS, TAIL))

OWN_WORDS = """A raccoon dog has become the talk of Takamatsu. Ponpoko, long known for drumming on his belly, now runs a
store in what used to be a bank, and people queue round the block to buy foliage from him.

The mayor is pleased. There had been fears that greengrocers would suffer, but so far none has complained, and the town
hall counts more than a thousand guests since the doors opened in early May.

The purchase cost two and a half million dollars. Shelving was put up by otters."""


def replaced(*changes: tuple[str, str]) -> str:
    """The story with each change made where it must stand."""
    text = STORY
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


SAME_STORY = {
    "a dateline with an agency": "TAKAMATSU (Reuters) - " + STORY,
    "another dateline": "Takamatsu, AP — " + STORY,
    "a dateline with a date": "TAKAMATSU, 9 May 2024. " + STORY,
    "an agency alone": "(CNN) " + STORY,
    "a byline": "By Rin Mori and Jun Hara, Pond Press\n\n" + STORY,
    "credits": STORY + "\n\n(Reporting by Rin Mori in Takamatsu; Editing by Jun Hara)",
    "credits in the last line": STORY + " (Reporting by Rin Mori; Editing by Jun Hara)",
    "a notice": STORY
    + "\n\n© 2024 Pond Press. All rights reserved.\n\nSign up for our pond newsletter with 7 stories a week.",
    "the end cut off": "\n\n".join((LEAD, MONEY, MAYOR)),
    "a cut in the middle of a sentence": STORY[: STORY.index("and closes")],
    "only the beginning": LEAD + " " + MONEY,
    "a paragraph before": "Leaves have never been so dear in the whole of Kagawa, where 40 oaks fell last year.\n\n"
    + STORY,
    "a paragraph after": STORY
    + "\n\nIn Kyoto a fox named Inari runs an inn with nine rooms, and has done so since 1998.",
    "another last paragraph": replaced((TAIL, "In Kyoto a fox named Inari has run an inn with nine rooms since 1998.")),
    "paragraphs in another order": "\n\n".join((LEAD, MAYOR, MONEY, OTTERS, TAIL)),
    "quotes and dashes": replaced(('"', "”"), ("'", "’"), (", and 1,200", " – and 1,200")),
    "figures": replaced(("1,200", "1200"), ("first", "1st"), ("three", "3")),
    "a narrow space in a number": replaced(("1,200", "1\u202f200")),
    "per cent": replaced(("12 percent", "twelve per cent")),
    "a percent sign": replaced(("12 percent", "12%")),
    "millions": replaced(("$2.5 million", "$2,500,000")),
    "millions, shorter": replaced(("$2.5 million", "$2.5m")),
    "dollars": replaced(("$2.5 million", "2.5 million dollars")),
    "no points": replaced(("U.S.", "US")),
    "in full": replaced(("U.S.", "United States")),
    "initials": replaced(("Kotogawa River Center", "KRC")),
    "the day second": replaced(("3 May 2024", "May 3, 2024")),
    "the date in figures": replaced(("3 May 2024", "2024-05-03")),
    "no year": replaced(("3 May 2024", "3 May")),
    "the clock": replaced(("10:30 a.m.", "10.30am")),
    "a contraction": replaced(("will not", "won't")),
    "a title": replaced(("Mayor Sato", "Mr. Sato")),
    "a title and more": replaced(("Mayor Sato of Takamatsu", "Sato, the mayor of Takamatsu,")),
    "British spelling": replaced(("neighbors", "neighbours"), ("Center", "Centre")),
    "accents": replaced(("Sato", "Satō")),
    "capitals": replaced(("Mayor", "mayor")),
    "hyphens": replaced(("first day", "first-day")),
    "other words": replaced(("opened", "has opened"), ("the old bank", "its former owner"), ("sells", "offers")),
    "a number left out": replaced(("and 1,200 visitors", "and visitors")),
    "a name left out": replaced(("Mayor Sato of Takamatsu", "Mayor Sato")),
    "a name put in": replaced(("tanuki Ponpoko", "tanuki Ponpoko Danzaburo")),
    "a number for a word": replaced(("and 1,200 visitors", "and many visitors")),
    "a word for a name": replaced(("Ponpoko paid", "He paid")),
    "not only": replaced(("sells leaves", "sells not only leaves")),
}

DISAGREEING = {
    "a number": (replaced(("1,200", "1,300")), [("1,200", "1,300")]),
    "a spelled number": (replaced(("three", "five")), [("three", "five")]),
    "a scale": (replaced(("2.5 million", "2.5 billion")), [("2.5 million", "2.5 billion")]),
    "a percentage": (replaced(("12 percent", "20%")), [("12", "20")]),
    "a currency": (replaced(("$2.5", "€2.5")), [("$", "€")]),
    "a year": (replaced(("2019", "2009")), [("2019", "2009")]),
    "a date": (replaced(("3 May", "5 June")), [("3 May", "5 June")]),
    "a day of the week": (replaced(("Monday", "Tuesday")), [("Monday", "Tuesday")]),
    "a time": (replaced(("10:30 a.m.", "10:30 p.m.")), [("10:30 a.m.", "10:30 p.m.")]),
    "a name": (replaced(("Sato", "Tanaka")), [("Sato", "Tanaka")]),
    "a place": (replaced(("of Takamatsu", "of Kochi")), [("Takamatsu", "Kochi")]),
    "a name of two words": (replaced(("Kotogawa River", "Yoshino Lake")), [("Kotogawa River", "Yoshino Lake")]),
    "initials": (replaced(("U.S.", "UK")), [("U.S.", "UK")]),
    "a name at the head of a sentence": (replaced(("Ponpoko paid", "Inari paid")), [("Ponpoko", "Inari")]),
    "a name throughout": (replaced(("Ponpoko", "Inari")), [("Ponpoko", "Inari"), ("Ponpoko", "Inari")]),
    "a not taken out": (replaced(("will not harm", "will harm")), [("will not harm", "will harm")]),
    "a never put in": (replaced(("had asked", "had never asked")), [("had asked", "had never asked")]),
    "in a copy cut short": (LEAD.replace("1,200", "900") + "\n\n" + MONEY, [("1,200", "900")]),
    "at the end of a copy cut short": ("\n\n".join((LEAD, MONEY.replace("2019", "2009"))), [("2019", "2009")]),
    "before a paragraph cut out": (replaced(("2019.\n\n" + MAYOR, "2009.")), [("2019", "2009")]),
    "after a paragraph put in": (
        "Leaves are dear.\n\n" + replaced(("The tanuki Ponpoko", "Inari")),
        [("The tanuki Ponpoko", "Inari")],
    ),
    "a name that is common elsewhere": (replaced(("River Center", "National Center")), [("River", "National")]),
    "two at once": (replaced(("1,200", "900"), ("Sato", "Tanaka")), [("1,200", "900"), ("Sato", "Tanaka")]),
}
