"""The nearest addresses among a million, at random places and near doors."""

import os
import random
import time
from collections.abc import Iterator
from typing import Any

from benchmarks import scratch
from benchmarks.figure import Figure, percentile

ADDRESSES = int(os.environ.get("BENCH_ADDRESSES", "1000000"))
CHUNK, EACH, COUNT = 50_000, 400, 10
CITIES = ((113.26, 23.13), (114.06, 22.54), (113.12, 23.02), (116.68, 23.35), (110.36, 21.27))
FIGURES = ("nearest.near_a_door.p95", "nearest.anywhere.p95")


def measure() -> list[Figure]:
    """95th percentile of a search for ten; half of the doors crowd in five cities."""
    scratch.bring_up()
    from lingnan.systems.government.geography import actions
    from lingnan.systems.government.geography.nearest import nearest

    actions.load(_chunks(random.Random(1)), "benchmark/addresses")
    chance = random.Random(2)
    places = {
        FIGURES[0]: [_place(chance) for _ in range(EACH)],
        FIGURES[1]: [(chance.uniform(110, 117), chance.uniform(21, 25)) for _ in range(EACH)],
    }
    found = []
    for name, asked in places.items():
        times = []
        for x, y in asked:
            start = time.perf_counter()
            nearest(x, y, COUNT)
            times.append((time.perf_counter() - start) * 1000)
        size = f"{ADDRESSES:,} addresses"
        found.append(Figure(name, percentile(times, 95), "ms", size, limit=50))
    return found


def _place(chance: random.Random) -> tuple[float, float]:
    if chance.random() < 0.5:
        x, y = chance.choice(CITIES)
        return chance.gauss(x, 0.08), chance.gauss(y, 0.08)
    return chance.uniform(110, 117), chance.uniform(21, 25)


def _chunks(chance: random.Random) -> Iterator[dict[str, list[Any]]]:
    from lingnan.kernel.runtime.api import keys

    for start in range(0, ADDRESSES, CHUNK):
        size = min(CHUNK, ADDRESSES - start)
        places = [_place(chance) for _ in range(size)]
        numbers = [start + n for n in range(size)]
        yield {
            "key": sorted(keys.new_key() for _ in numbers),
            "code": [f"440103999-{n:07}" for n in numbers],
            "division": ["440103"] * size, "township": [""] * size,
            "street": [f"试验路{n // 1000}" for n in numbers],
            "number": [f"{n % 1000 + 1}号" for n in numbers],
            "text": [f"试验路{n // 1000}段{n % 1000 + 1}号" for n in numbers],
            "longitude": [x for x, _y in places], "latitude": [y for _x, y in places],
            "kind": ["premises"] * size, "floor_area": [60.0] * size,
        }  # fmt: skip
