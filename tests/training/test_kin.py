from __future__ import annotations

import numpy as np

from training.kin import kin_among, load_kin


def test_kin_point_the_same_way_and_are_neither_synonyms_nor_the_same_stem() -> None:
    words = ["otter", "otters", "mink", "weasel", "badger", "ferry", "harbour"]
    angles = np.radians([0, 5, 10, 20, 30, 40, 180])
    kin = kin_among(words, np.stack([np.cos(angles), np.sin(angles)], axis=1))
    assert kin("otter") == ["badger", "ferry", "harbour"]
    assert kin("loanword") == []


def test_the_encoder_knows_the_kin_of_many_words() -> None:
    kin = load_kin()
    assert {"grandfather", "mothers"} <= set(kin("father"))
    assert not [word for word in kin("river") if word.startswith("rive")]
