"""Which records are one person's: the rule, the model on dirty copies, and runs that resume."""

import random
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow
import pytest
import yaml

from benchmarks.linkage_people import people
from lingnan.kernel.registry.linkage import scoring
from lingnan.kernel.registry.linkage.living import Known, against
from lingnan.standards import resident_number
from lingnan.systems.government.population.duplicates import RESIDENT
from tests.linkage import corrupter, corrupter_hard

BORN = {
    "A": (date(1980, 1, 2), 1),
    "B": (date(1990, 1, 2), 1),
    "C": (date(1980, 1, 2), 2),
    "D": (date(1980, 1, 2), 3),
}
NUMBERS = {letter: resident_number.compose("999999", *said) for letter, said in BORN.items()}
CASES = yaml.safe_load(
    (Path(__file__).parent / "cases" / "living.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=[c["case"] for c in CASES])
def test_two_living_people_are_never_merged(case: dict[str, Any]) -> None:
    one, other = (
        Known(NUMBERS.get(said["number"], said["number"]), said["birth"], said["sex"])
        for said in (case["one"], case["other"])
    )
    assert against(one, other) == against(other, one) == case["against"]


def test_dirty_copies_are_found_by_kind_and_lookalikes_are_not() -> None:
    dice = random.Random(7)
    rows = list(people(4000, dice))
    dirty = [
        (kind, row, 1_000_000 + int(row["id"])) for kind, row in corrupter.copies(rows[:2000], dice)
    ]
    table = rows + [row | {"id": str(key)} for _kind, row, key in dirty]
    table += [
        corrupter.alike(row, dice) | {"id": str(2_000_000 + n)} for n, row in enumerate(rows[:2000])
    ]
    found = {
        (min(s.left, s.right), max(s.left, s.right))
        for s in scored(table)
        if s.weight >= RESIDENT.propose
    }
    true = {(int(row["id"]), key): kind for kind, row, key in dirty}
    made, right = Counter(true.values()), Counter(true[pair] for pair in found if pair in true)
    recall = {kind: right[kind] / made[kind] for kind in made}
    precision = sum(pair in true for pair in found) / len(found)
    assert precision >= 0.99, (precision, recall)
    assert sum(right.values()) / len(true) >= 0.9, (precision, recall)
    for kind in ("similar", "old_number", "transposed", "traditional", "short_address", "moved"):
        assert recall[kind] >= 0.9, recall


def test_harder_errors_are_told_from_twins_and_namesakes() -> None:
    """What cannot be decided from what is written stays undecided: see the harder corrupter."""
    dice = random.Random(8)
    rows = list(people(3000, dice))
    kinds = list(corrupter_hard.KINDS.values())
    table, true = rows, set()
    for number, row in enumerate(rows[:1500]):
        copy = kinds[number % len(kinds)](row, dice) | {"id": str(1_000_000 + number)}
        other = corrupter_hard.alike(row, dice) | {"id": str(2_000_000 + number)}
        table += [copy, other]
        true.add((number, 1_000_000 + number))
    found = {(min(s.left, s.right), max(s.left, s.right)): s.weight for s in scored(table)}
    for least, precision, recall in ((8, 0.6, 0.85), (12, 0.9, 0.6)):
        some = {pair for pair, weight in found.items() if weight >= least}
        judged = len(some & true) / len(some), len(some & true) / len(true)
        assert judged[0] >= precision and judged[1] >= recall, (least, judged)


def scored(table: list[dict[str, str]]) -> list[scoring.Scored]:
    with duckdb.connect(":memory:") as duck:
        columns: dict[str, Any] = {name: [row[name] for row in table] for name in table[0]}
        columns["id"] = [int(text) for text in columns["id"]]
        duck.register("raw", pyarrow.table(columns))
        scoring.prepare(duck, RESIDENT, "raw")
        return list(scoring.score(duck, RESIDENT, RESIDENT.blocks))
