"""The benchmarks run and say what they should; no time is asserted here, only counts."""

import importlib
import json
import subprocess
import sys

import pytest

from benchmarks.figure import Figure, percentile
from lingnan.node import bench
from lingnan.node.walk.province import environment


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "lingnan.node.command", "bench", *words],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=240,
    )


@pytest.mark.parametrize("name", ["evidence", "queries"])
def test_a_benchmark_gives_its_figures(name: str) -> None:
    done = run(name, "--json")
    rows = json.loads(done.stdout)
    assert done.returncode == 0, (done.stderr, [row for row in rows if row["holds"] is False])
    expected = importlib.import_module(f"benchmarks.{name}").FIGURES
    assert [row["figure"] for row in rows] == list(expected)
    assert all(set(row) == set(bench.COLUMNS) for row in rows)


def test_an_unknown_benchmark_is_named() -> None:
    done = run("nonsense")
    assert done.returncode == 2 and "nonsense" in done.stderr


@pytest.mark.parametrize("name", bench.NAMES)
def test_every_benchmark_has_its_module(name: str) -> None:
    module = importlib.import_module(f"benchmarks.{name}")
    assert callable(module.measure) and module.FIGURES


def test_a_limit_holds_or_does_not() -> None:
    within, beyond = Figure("a", 5, "s", "", limit=6), Figure("a", 7, "s", "", limit=6)
    assert (within.holds, beyond.holds, Figure("a", 5, "s", "").holds) == (True, False, None)
    assert Figure("a", 7, "x", "", limit=6, at_least=True).holds is True


def test_a_ratio_is_against_the_baseline() -> None:
    assert Figure("a", 30, "ms", "", baseline=10).plain()["ratio"] == 3
    assert Figure("a", 30, "ms", "").plain()["ratio"] is None


def test_percentiles() -> None:
    times = [float(n) for n in range(1, 102)]
    assert (percentile(times, 50), percentile(times, 95)) == (51, 96)


def test_the_table_is_aligned() -> None:
    rows = [Figure("a", 1234.5, "毫秒", "x", limit=1).plain(), Figure("bb", 1, "s", "").plain()]
    head, first, second = bench.table(rows).splitlines()
    assert head.startswith("figure") and "1,234.5" in first and " NO " in first
    assert second.startswith("bb") and "–" in second
