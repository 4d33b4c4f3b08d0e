"""Public test vectors (kept outside the repository) and Guangdong's data for these tests."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lingnan.standards.divisions import Division, DivisionRegister
from lingnan.standards.working_days import WorkingCalendar

REPOSITORY = Path(__file__).resolve().parents[2]
GUANGDONG = REPOSITORY / "src" / "lingnan" / "jurisdictions" / "guangdong"


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def guangdong() -> Path:
    return GUANGDONG


@pytest.fixture(scope="session")
def testdata() -> Callable[[str], Path]:
    folder = os.environ.get("LINGNAN_TESTDATA")
    root = Path(folder) if folder else REPOSITORY.parent / "shared" / "testdata"

    def locate(name: str) -> Path:
        path = root / name
        if not path.exists():
            pytest.skip(f"public vectors {name} are absent; set LINGNAN_TESTDATA")
        return path

    return locate


@pytest.fixture(scope="session")
def exceptions() -> dict[date, bool]:
    rows = read_rows(GUANGDONG / "calendar.csv")
    return {date.fromisoformat(row["date"]): row["working"] == "1" for row in rows}


@pytest.fixture(scope="session")
def calendar(exceptions: dict[date, bool]) -> WorkingCalendar:
    return WorkingCalendar(exceptions, date(2007, 1, 1), date(2026, 12, 31))


@pytest.fixture(scope="session")
def register() -> DivisionRegister:
    return DivisionRegister(_division(row) for row in read_rows(GUANGDONG / "divisions.csv"))


def _division(row: dict[str, str]) -> Division:
    return Division(
        code=row["code"],
        name=row["name_zh"],
        level=row["level"],  # type: ignore[arg-type]
        parent=row["parent"],
        valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        successors=tuple(row["successor"].split()),
    )
