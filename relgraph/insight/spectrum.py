"""Spectral radius of a sparse matrix without negative entries."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.intp]
Numbers = NDArray[np.float64]

_DIRECT_UP_TO = 60
_STEPS = 2000
_PRECISION = 1e-12


def spectral_radius(n: int, tails: Places, heads: Places, entries: Numbers) -> float:
    """Largest absolute eigenvalue of the n × n matrix with `entries` > 0 at (tails, heads).

    It is the largest one over the strongly connected parts, 0 if there is no circle. A part of
    more than sixty is bounded from both sides (Collatz and Wielandt) while it is iterated; the
    upper bound is returned, within 1e-12 of the truth unless a very long circle of unequal
    entries keeps the bounds apart after 2,000 steps. Never below the truth but for rounding.
    """
    part = _strong_parts(n, tails.tolist(), heads.tolist())
    inside = part[tails] == part[heads]
    if not inside.any():
        return 0.0
    tails, heads, entries = tails[inside], heads[inside], entries[inside]
    largest = 0.0
    order = np.argsort(part[tails], kind="stable")
    borders = np.flatnonzero(np.diff(part[tails][order])) + 1
    for rows in np.split(order, borders):
        members, places = np.unique(tails[rows], return_inverse=True)
        columns = np.searchsorted(members, heads[rows])
        radius = _radius_of_part(len(members), places, columns, entries[rows])
        largest = max(largest, radius)
    return largest


def times_vector(tails: Places, heads: Places, entries: Numbers, x: Numbers) -> Numbers:
    """Product of the sparse matrix with `entries` at (tails, heads) and the vector `x`."""
    product = np.bincount(tails, weights=entries * x[heads], minlength=len(x))
    return np.asarray(product, dtype=np.float64)


def _radius_of_part(n: int, rows: Places, columns: Places, entries: Numbers) -> float:
    if n <= _DIRECT_UP_TO:
        matrix = np.zeros((n, n))
        matrix[rows, columns] = entries
        return float(np.abs(np.linalg.eigvals(matrix)).max())
    x = np.ones(n)
    upper = np.inf
    for _ in range(_STEPS):
        image = times_vector(rows, columns, entries, x)
        ratio = image / x
        upper = min(upper, float(ratio.max()))
        if upper - ratio.min() <= _PRECISION * upper:
            break
        # Adding x keeps the iteration from swinging where all circles have an even length.
        x += image
        x /= x.max()
    return upper


def _strong_parts(n: int, tails: list[int], heads: list[int]) -> Places:
    """Number of the strongly connected part of each node (Tarjan 1972, without recursion)."""
    after: list[list[int]] = [[] for _ in range(n)]
    for tail, head in zip(tails, heads, strict=True):
        after[tail].append(head)
    part = [-1] * n
    index = [-1] * n
    low = [0] * n
    stack: list[int] = []
    count = parts = 0
    for root in range(n):
        if index[root] >= 0:
            continue
        work = [(root, 0)]
        while work:
            node, at = work.pop()
            if at == 0:
                index[node] = low[node] = count
                count += 1
                stack.append(node)
            elif part[after[node][at - 1]] < 0:
                low[node] = min(low[node], low[after[node][at - 1]])
            descended = False
            for position in range(at, len(after[node])):
                head = after[node][position]
                if index[head] < 0:
                    work += [(node, position + 1), (head, 0)]
                    descended = True
                    break
                if part[head] < 0:
                    low[node] = min(low[node], index[head])
            if descended or low[node] != index[node]:
                continue
            member = -1
            while member != node:
                member = stack.pop()
                part[member] = parts
            parts += 1
    return np.asarray(part, dtype=np.intp)
