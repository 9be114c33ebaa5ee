from __future__ import annotations

import numpy as np
import pytest

from relgraph.insight.spectrum import spectral_radius


def radius_of(matrix: np.ndarray) -> float:
    tails, heads = np.nonzero(matrix)
    return spectral_radius(len(matrix), tails, heads, matrix[tails, heads])


def test_without_a_circle_it_is_exactly_zero() -> None:
    assert radius_of(np.triu(np.full((200, 200), 0.9), 1)) == 0.0
    assert radius_of(np.zeros((3, 3))) == 0.0
    assert radius_of(np.zeros((0, 0))) == 0.0


def test_it_is_that_of_the_strongest_part() -> None:
    matrix = np.zeros((6, 6))
    matrix[0, 1] = matrix[1, 0] = 0.3
    matrix[2, 3] = matrix[3, 4] = matrix[4, 2] = 0.8
    matrix[1, 2] = matrix[4, 5] = 1.0
    assert radius_of(matrix) == pytest.approx(0.8)


def test_two_camps_that_influence_only_each_other() -> None:
    """All circles are even here, so that plain iteration would swing for ever."""
    random = np.random.default_rng(5)
    matrix = np.zeros((80, 80))
    matrix[:30, 30:] = random.uniform(0.1, 1, (30, 50))
    matrix[30:, :30] = random.uniform(0.1, 1, (50, 30))
    assert radius_of(matrix) == pytest.approx(np.abs(np.linalg.eigvals(matrix)).max(), rel=1e-10)


def test_a_long_uneven_circle_is_bounded_from_above() -> None:
    entries = np.where(np.arange(400) < 200, 0.2, 1.0)
    ring = np.zeros((400, 400))
    ring[np.arange(400), (np.arange(400) + 1) % 400] = entries
    truth = float(np.exp(np.log(entries).mean()))
    radius = radius_of(ring)
    assert truth - 1e-12 <= radius <= 1.0
