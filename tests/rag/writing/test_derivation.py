"""What may be left out of a sentence, and what may not."""

from __future__ import annotations

import pytest

from rag.writing.clauses import read_words
from rag.writing.derivation import is_derived

SHOP = "The tanuki Ponpoko opened a shop for leaves in Takamatsu on 3 May 2024."
KINDS = "The shop sells 42 kinds of leaves."
SATO = "Mayor Sato said the shop would bring 300 visitors a day to the town."
BANK = "Ponpoko paid 12 million yen for the building because the old bank had stood empty since 2019."
SALES = "Sales rose by 5% to $7 billion in Japan but fell in Korea."
PRIZE = "Sato, who won the prize in 2019, met Ueda, the mayor of Nara."
PLANS = "Ponpoko plans to open a second shop in Nara next year."
DOG = "The dog that bit the man ran away."
ROBBER = "The bank robber's car hit Sato's brother."
BOTH = "Ponpoko opened a shop and Mayor Sato closed a bank."


@pytest.mark.parametrize(
    ("said", "source"),
    [
        (SHOP, SHOP),
        ("Ponpoko opened a shop.", SHOP),
        ("Ponpoko opened a shop in Takamatsu on 3 May 2024.", SHOP),
        ("Ponpoko opened a shop on May 3, 2024.", SHOP),
        ("Sato said the shop would bring 300 visitors a day.", SATO),
        ("Ponpoko paid 12 million yen for the building.", BANK),
        ("Ponpoko paid 12,000,000 yen for the building.", BANK),
        ("The old bank had stood empty since 2019.", BANK),
        ("The bank had stood empty since 2019.", BANK),
        ("Sales rose by 5 percent in Japan.", SALES),
        ("Sales rose to $7 billion.", SALES),
        ("Sato won the prize.", PRIZE),
        ("Sato met Ueda.", PRIZE),
        ("Ponpoko plans to open a second shop next year.", PLANS),
        ("Mayor Sato closed a bank.", BOTH),
    ],
)
def test_whole_clauses_phrases_and_words_before_a_noun_may_be_left_out(said: str, source: str) -> None:
    assert is_derived(read_words(said), read_words(source))


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("Ponpoko opened Takamatsu.", SHOP),  # another object
        ("Takamatsu opened a shop.", SHOP),
        ("Ponpoko opened a shop for 3 May 2024.", SHOP),
        ("The shop sells leaves.", KINDS),
        ("42 kinds of leaves.", KINDS),
        ("The shop would bring 300 visitors a day.", SATO),  # nobody says it
        ("Sato said the shop would bring 300 visitors.", SATO),  # not a day
        ("The shop said 300 visitors.", SATO),
        ("Ponpoko paid 12 million yen because the old bank had stood empty until 2019.", BANK),
        ("Ponpoko had stood empty since 2019.", BANK),  # another subject
        ("The building had stood empty since 2019.", BANK),
        ("Sales fell in Japan.", SALES),
        ("Sales rose by $7 billion.", SALES),
        ("Ueda won the prize.", PRIZE),
        ("Sato met the mayor of Nara.", PRIZE),
        ("Ponpoko opens a second shop in Nara.", PLANS),  # a plan
        ("Ponpoko plans to open a shop in Nara.", PLANS),  # not the first
        ("The man ran away.", DOG),
        ("The dog bit the man.", DOG),  # true, but who bit is left open by the rule
        ("The bank hit Sato.", ROBBER),  # another owner
        ("The bank robber's car hit Sato.", ROBBER),
        ("The car hit Sato's brother.", ROBBER),
        ("Ponpoko closed a bank.", BOTH),
        ("Sato opened a shop.", BOTH),
        ("Sato or Ueda won.", "Sato won."),
        ("Sato won.", "Sato or Ueda won."),
        ("Sato will win.", "If it rains, Sato will win."),
        ("The bridge opened.", "The bridge never opened."),
        ("The bridge opened.", "Hardly had the bridge opened when it fell."),
        ("Sato stole the leaves.", "Sato is accused of having stolen the leaves."),
        ("Sato attacked the otter.", "Sato was attacked by the otter."),
        ("Sato was attacked.", "Sato attacked the otter."),
        ("300 visitors came.", "Nearly 300 visitors came."),
        ("300 visitors came.", "Up to 300 visitors came."),
        ("The workers left.", "Some of the workers left."),
        ("The president spoke.", "The former president spoke."),
        ("Ueda resigned.", "Sato praised Ueda and resigned."),
        ("The firm lost.", "The firm lost 5 customers."),
        ("Police arrested the bank.", "Police arrested the bank robber."),
        ("Mori won.", "The rival of Mori won."),
        ("Sato's shop opened.", "Sato opened a shop."),
    ],
)
def test_what_qualifies_owns_or_acts_may_not_be_left_out(said: str, source: str) -> None:
    assert not is_derived(read_words(said), read_words(source))
