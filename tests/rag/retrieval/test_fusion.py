from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.retrieval.fusion import fuse, scale

SCORES = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(-1e6, 1e6))


def test_scale_moves_scores_to_0_and_1() -> None:
    assert scale({"a": 10.0, "b": 4.0, "c": 7.0}) == {"a": 1.0, "b": 0.0, "c": 0.5}
    assert scale({"a": -1.0, "b": 1.0}) == {"a": 0.0, "b": 1.0}


def test_where_all_scores_are_equal_all_are_1() -> None:
    assert scale({"a": 3.0}) == {"a": 1.0}
    assert scale({"a": 0.0, "b": 0.0}) == {"a": 1.0, "b": 1.0}


def test_nothing_scaled_or_fused_is_nothing() -> None:
    assert scale({}) == {}
    assert fuse([]) == {}
    assert fuse([({}, 0.6), ({}, 0.4)]) == {}


def test_fuse_is_the_weighted_sum_of_scaled_rankings() -> None:
    words, meaning = {"a": 20.0, "b": 10.0, "c": 15.0}, {"b": 0.9, "c": 0.5}
    assert fuse([(words, 0.6), (meaning, 0.4)]) == pytest.approx({"a": 0.6, "b": 0.4, "c": 0.3})


def test_fuse_prefers_what_two_rankings_agree_on() -> None:
    first, second = {"alone": 9.0, "both": 8.9, "low": 0.0}, {"other": 9.0, "both": 8.9, "low": 0.0}
    fused = fuse([(first, 0.5), (second, 0.5)])
    assert sorted(fused, key=lambda id_: -fused[id_]) == ["both", "alone", "other", "low"]


@settings(deadline=None)
@given(SCORES, SCORES)
def test_fused_scores_stay_between_0_and_1(first: dict[str, float], second: dict[str, float]) -> None:
    fused = fuse([(first, 0.6), (second, 0.4)])
    assert set(fused) == {*first, *second}
    assert all(0 <= score <= 1 + 1e-9 for score in fused.values())


@settings(deadline=None)
@given(SCORES, st.floats(0.5, 100), st.floats(-100, 100))
def test_a_ranking_counts_the_same_in_any_unit(scores: dict[str, float], unit: float, shift: float) -> None:
    whole = {id_: float(round(score)) for id_, score in scores.items()}
    moved = {id_: score * unit + shift for id_, score in whole.items()}
    assert scale(moved) == pytest.approx(scale(whole), abs=1e-6)
