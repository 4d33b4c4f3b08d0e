"""The files of the jurisdiction, read as they are."""

import csv
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[2] / "jurisdictions" / "guangdong"
PROVINCE = "440000"
# Where a demonstration shows its people first.
FEATURED = ("440103", "440106", "441802", "441803")


def rows(name: str) -> list[dict[str, str]]:
    """A file of comma-separated values, one dictionary for each line."""
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def table(name: str) -> dict[str, Any]:
    """A file of TOML."""
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Unit:
    """A county, or a city without counties, which acts at the level of a county too."""

    code: str
    name_zh: str
    city: str
    city_zh: str

    @property
    def place(self) -> str:
        """How an address begins: 广州市荔湾区, 东莞市."""
        return self.city_zh if self.code == self.city else f"{self.city_zh}{self.name_zh}"


@dataclass(frozen=True)
class Places:
    """The divisions in force on a day, as lines of divisions.csv by code."""

    by_code: dict[str, dict[str, str]]

    @property
    def cities(self) -> list[str]:
        return [code for code, row in self.by_code.items() if row["level"] == "city"]

    @property
    def counties(self) -> list[str]:
        return [code for code, row in self.by_code.items() if row["level"] == "county"]

    @property
    def undivided(self) -> list[str]:
        """Cities that have no counties: 东莞, 中山."""
        divided = {self.by_code[code]["parent"] for code in self.counties}
        return [code for code in self.cities if code not in divided]

    @property
    def units(self) -> list[Unit]:
        """Where people live: every county and every undivided city, by code."""
        return [self._unit(code) for code in sorted(self.counties + self.undivided)]

    def _unit(self, code: str) -> Unit:
        row = self.by_code[code]
        city = code if row["level"] == "city" else row["parent"]
        return Unit(code, row["name_zh"], city, self.by_code[city]["name_zh"])


@lru_cache(maxsize=4)
def places(on: date) -> Places:
    day = on.isoformat()
    held = [
        row
        for row in rows("divisions.csv")
        if row["valid_from"] <= day and (not row["valid_to"] or day < row["valid_to"])
    ]
    return Places({row["code"]: row for row in sorted(held, key=lambda row: row["code"])})
