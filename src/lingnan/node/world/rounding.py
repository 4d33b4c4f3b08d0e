"""Whole numbers that add up: dividing counts without losing or inventing anybody."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Reals = NDArray[np.floating[Any]]


def apportion(weights: Sequence[float] | NDArray[Any], total: int) -> Counts:
    """`total` divided by weights: whole parts first, then the largest remainders.

    Of equal remainders the earlier place comes first. Raises ValueError when there is something
    to divide and no weight.
    """
    known = np.asarray(weights, dtype=float)
    if not known.sum() > 0:
        if total:
            raise ValueError("nothing to divide by")
        return np.zeros(len(known), dtype=np.int64)
    exact = known / known.sum() * total
    whole = np.floor(exact + 1e-9).astype(np.int64)
    first = np.argsort(-(exact - whole), kind="stable")[: total - int(whole.sum())]
    whole[first] += 1
    return whole


def spread(expected: Reals, rows: Counts, columns: Counts) -> Counts:
    """A table of whole numbers with these sums of rows and of columns, close to `expected`.

    Row by row, what is owed so far by the expected numbers is paid in whole ones, so that every
    beginning of the table is close to what is expected of it, not only the whole. Raises
    ValueError when the sums of rows and of columns differ.
    """
    if int(rows.sum()) != int(columns.sum()):
        raise ValueError(f"rows add to {rows.sum()}, columns to {columns.sum()}")
    owed = np.cumsum(_fitted(expected, rows, columns), axis=0)
    table = np.zeros(expected.shape, dtype=np.int64)
    paid = np.zeros(len(columns), dtype=np.int64)
    for place, size in enumerate(rows):
        if place == len(rows) - 1:
            table[place] = columns - paid
            break
        table[place] = _row(owed[place] - paid, columns - paid, int(size))
        paid += table[place]
    return table


def share(expected: Reals, rows: Counts, total: int) -> Counts:
    """How many of each row's members belong to a part of `total` members, close to `expected`."""
    bounded = np.minimum(expected, rows)
    rest = int(rows.sum()) - total
    table = np.stack([bounded, rows - bounded], axis=1)
    return spread(table, rows, np.array([total, rest], dtype=np.int64))[:, 0]


def _fitted(expected: Reals, rows: Counts, columns: Counts) -> Reals:
    """The expected numbers, bent to the sums: iterative proportional fitting."""
    table = np.array(expected, dtype=float)
    for _round in range(25):
        table *= _ratio(columns, table.sum(axis=0))[None, :]
        table *= _ratio(rows, table.sum(axis=1))[:, None]
    return table


def _ratio(wanted: Counts, found: Reals) -> Reals:
    return np.divide(wanted, found, out=np.zeros(len(wanted)), where=found > 0)


def _row(owed: Reals, room: Counts, size: int) -> Counts:
    """`size` members among columns: what is owed first, never more than there is room."""
    paid = np.clip(np.floor(owed + 1e-9), 0, room).astype(np.int64)
    while (short := size - int(paid.sum())) != 0:
        if short > 0:
            order = np.argsort(-np.where(room > paid, owed - paid, -np.inf), kind="stable")
            chosen = [place for place in order[:short] if room[place] > paid[place]]
            paid[chosen] += 1
        else:
            order = np.argsort(np.where(paid > 0, owed - paid, np.inf), kind="stable")
            chosen = [place for place in order[:-short] if paid[place] > 0]
            paid[chosen] -= 1
    return paid


def fit_sizes(counts: Counts, members: int) -> Counts:
    """Households by size (place 0: one member) changed as little as need be to hold `members`.

    Raises ValueError when so many households cannot hold them.
    """
    sizes = np.arange(1, len(counts) + 1)
    found = counts.copy()
    if not found.sum() <= members <= found.sum() * len(counts):
        raise ValueError(f"{found.sum()} households cannot hold {members}")
    step = 1 if members > int((found * sizes).sum()) else -1
    middle = len(counts) // 2 - 1
    while (lacking := abs(members - int((found * sizes).sum()))) > 0:
        for place in sorted(range(len(counts)), key=lambda p: abs(p - middle)):
            if 0 <= place + step < len(counts) and lacking:
                moved = min(lacking, int(found[place]))
                found[place] -= moved
                found[place + step] += moved
                lacking -= moved
    return found


def bent(base: Sequence[float], mean: float) -> Reals:
    """Shares of households by size, tilted evenly until their mean size is `mean`."""
    sizes = np.arange(1, len(base) + 1)
    low, high = -10.0, 10.0
    for _round in range(80):
        middle = (low + high) / 2
        shares = np.asarray(base) * np.exp(middle * (sizes - mean))
        shares /= shares.sum()
        low, high = (middle, high) if (shares * sizes).sum() < mean else (low, middle)
    return shares
