"""Measure what the platform costs, beside a baseline in the same run.

Without a name every benchmark runs (a few minutes); each runs in a process and on data of
its own. Exit status 1 when a benchmark breaks off or a figure misses its limit.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lingnan.node.walk.province import environment
from lingnan.node.walk.trail import padded, width

ROOT = Path(__file__).resolve().parents[3]
NAMES = (
    "ready",
    "province",
    "growth",
    "bulk",
    "registry",
    "importing",
    "memory",
    "case",
    "evidence",
    "queries",
    "projection",
    "linkage",
    "pages",
    "applicants",
    "web",
    "features",
    "nearest",
    "trust",
    "exchange",
)
COLUMNS = ("figure", "value", "unit", "baseline", "ratio", "limit", "holds", "size")
RIGHT = frozenset({"value", "baseline", "ratio", "limit"})
LONGEST = int(os.environ.get("BENCH_PATIENCE", "400"))
PATIENCE = {"exchange": max(LONGEST, 1800)}
"""Seconds of those that take longer: a file of 5 GB goes from node to node twice."""
SMALL = {"BENCH_FILE_MB": "200"}
Row = dict[str, Any]


class BrokeOff(Exception):
    """A benchmark ended without figures; the message is what it said."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME", help=f"one of: {', '.join(NAMES)}")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--small", action="store_true", help="a small file instead of one of 5 GB")


def run(args: argparse.Namespace) -> int:
    """Measure one or all, print the figures; 1 where a limit is missed."""
    if args.name and args.name not in NAMES:
        print(f"lingnan: no such benchmark: {args.name} (of {', '.join(NAMES)})", file=sys.stderr)
        return 2
    rows: list[Row] = []
    broken = False
    for name in [args.name] if args.name else NAMES:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        try:
            rows += measure(name, SMALL if args.small else {})
        except BrokeOff as fault:
            print(f"lingnan: {name} broke off\n{fault}", file=sys.stderr)
            broken = True
    print(json.dumps(rows, ensure_ascii=False, indent=1) if args.json else table(rows))
    return 1 if broken or any(row["holds"] is False for row in rows) else 0


def measure(name: str, less: Mapping[str, str] = {}) -> list[Row]:
    """The figures of one benchmark; `less`: what it is told beside. Raises BrokeOff."""
    with tempfile.TemporaryDirectory(prefix="lingnan-bench-") as folder:
        longest = PATIENCE.get(name, LONGEST)
        told = environment() | {
            "LINGNAN_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "lingnan.node.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
            **less,
        }
        try:
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks", name],
                env=told,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=longest,
            )
        except subprocess.TimeoutExpired as late:
            raise BrokeOff(f"no figures after {longest} s") from late
    if done.returncode or not done.stdout.strip():
        raise BrokeOff(done.stderr.strip()[-2000:])
    rows: list[Row] = json.loads(done.stdout.strip().splitlines()[-1])
    return rows


def table(rows: list[Row]) -> str:
    """The figures in columns."""
    lines = [list(COLUMNS), *([_shown(row[name]) for name in COLUMNS] for row in rows)]
    widths = [max(width(line[i]) for line in lines) for i in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(
            cell.rjust(size) if name in RIGHT else padded(cell, size)
            for name, cell, size in zip(COLUMNS, line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return f"{value:,}" if isinstance(value, float | int) else str(value)
