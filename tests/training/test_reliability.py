from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from training.reliability import Bin, bins, calibration_error, draw


def test_answers_of_about_the_same_confidence_stand_in_one_bin() -> None:
    chances, right = np.array([0.125, 0.1875, 1.0]), np.array([True, False, True])
    assert bins(chances, right) == [Bin(0.15625, 0.5, 2), Bin(1.0, 1.0, 1)]


def test_the_calibration_error_is_the_mean_gap_of_bins() -> None:
    chances = np.array([0.05, 0.05, 0.95, 0.95])
    assert calibration_error(chances, np.array([False, False, True, True])) == pytest.approx(0.05)
    assert calibration_error(chances, np.array([False, True, True, True])) == pytest.approx((0.45 + 0.05) / 2)


def test_the_plot_has_a_dot_a_bin_and_one_in_the_legend() -> None:
    chances, right = np.array([0.05, 0.95, 0.95]), np.array([False, True, True])
    svg = ElementTree.fromstring(draw({"held back": (chances, right), "sample corpus": (chances[:1], right[:1])}))
    dots = [each.get("class") for each in svg.iter() if each.tag.endswith("circle")]
    assert (dots.count("byline"), dots.count("peer")) == (3, 2)
    assert "sample corpus, 1" in [each.text for each in svg.iter()]
