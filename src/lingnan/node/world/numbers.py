"""Resident numbers in bulk: each given once, in never-assigned county codes."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from lingnan.node.world.rounding import Counts
from lingnan.standards.synthetic import synthetic_counties

PER_DAY = 500
# GB 11643: what each digit weighs in the check.
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)
Bytes = NDArray[np.uint8]


class NumbersUsedUp(Exception):
    """More people of one sex were born on a day than a city's stand-ins have numbers for."""


class NumberBook:
    """Gives out numbers by place of registration, day of birth and sex.

    `codes` are division codes, `first` and `last` the days between which people are born. What
    was given is kept as one count for each stand-in, day and sex: the same memory for a village
    and for the province.
    """

    def __init__(self, codes: Sequence[str], first: date, last: date) -> None:
        self._first, days = first.toordinal(), last.toordinal() - first.toordinal() + 1
        stand_ins = sorted({s for code in codes for s in synthetic_counties(code)})
        place = {stand_in: number for number, stand_in in enumerate(stand_ins)}
        self._row = {code: number for number, code in enumerate(codes)}
        self._choices = np.array([[place[s] for s in synthetic_counties(code)] for code in codes])
        self._days = days
        self._given = np.zeros(len(stand_ins) * days * 2, dtype=np.uint16)
        self._code_text = _digits(np.array([int(s) for s in stand_ins]), 6)
        self._day_text = _digits(_dates(self._first, days), 8)
        self._sequence_text = _digits(np.arange(1000), 3)
        self._code_sum = (self._code_text - 48) @ WEIGHTS[:6]
        self._day_sum = (self._day_text - 48) @ WEIGHTS[6:14]
        self._sequence_sum = (self._sequence_text - 48) @ WEIGHTS[14:]

    def rows(self, codes: Sequence[str]) -> Counts:
        """The places of codes in this book."""
        return np.array([self._row[code] for code in codes], dtype=np.int64)

    def give(self, row: Counts, born: Counts, male: NDArray[np.bool_]) -> list[str]:
        """One number for each person; `born` are ordinals of days. Raises NumbersUsedUp."""
        day = born - self._first
        stand_in, nth = self._take(row, day, male)
        # Neighbours in the count are not neighbours in the sequence; 7 and 500 have no divisor.
        mixed = (nth * 7 + stand_in * 31 + day * 17) % PER_DAY
        sequence = mixed * 2 + male
        text: Bytes = np.empty((len(row), 18), dtype=np.uint8)
        text[:, :6] = self._code_text[stand_in]
        text[:, 6:14] = self._day_text[day]
        text[:, 14:17] = self._sequence_text[sequence]
        total = self._code_sum[stand_in] + self._day_sum[day] + self._sequence_sum[sequence]
        text[:, 17] = CHECKS[total % 11]
        return text.view("S18").ravel().astype("U18").tolist()

    def _take(self, row: Counts, day: Counts, male: NDArray[np.bool_]) -> tuple[Counts, Counts]:
        """(stand-in, place in its count) for each person."""
        stand_in = np.zeros(len(row), dtype=np.int64)
        nth = np.zeros(len(row), dtype=np.int64)
        waiting = np.arange(len(row))
        for choice in range(self._choices.shape[1]):
            tried = self._choices[row[waiting], choice]
            shelf = (tried * self._days + day[waiting]) * 2 + male[waiting]
            place = self._given[shelf] + _rank(shelf)
            served = place < PER_DAY
            stand_in[waiting[served]], nth[waiting[served]] = tried[served], place[served]
            np.add.at(self._given, shelf[served], 1)
            waiting = waiting[~served]
            if not len(waiting):
                return stand_in, nth
        raise NumbersUsedUp(f"{len(waiting)} residents have no number left")


def _rank(shelf: Counts) -> Counts:
    """How many earlier entries have the same value."""
    order = np.argsort(shelf, kind="stable")
    ordered = shelf[order]
    start = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    places = np.arange(len(shelf))
    rank = np.empty(len(shelf), dtype=np.int64)
    rank[order] = places - np.maximum.accumulate(np.where(start, places, 0))
    return rank


def _dates(first: int, days: int) -> Counts:
    return np.array([int(date.fromordinal(first + d).strftime("%Y%m%d")) for d in range(days)])


def _digits(numbers: Counts, length: int) -> Bytes:
    """Decimal digits as characters, one row for each number."""
    powers = 10 ** np.arange(length - 1, -1, -1)
    return (numbers[:, None] // powers % 10 + 48).astype(np.uint8)
