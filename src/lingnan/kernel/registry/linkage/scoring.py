"""The model of Fellegi and Sunter, reckoned by Splink in DuckDB, off the network.

Parameters are read from the declaration's dated file and never estimated here.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lingnan.kernel.registry.linkage import levels, preparing
from lingnan.kernel.registry.linkage.declaration import Compared, Linkage

BATCH = 10_000


@dataclass(frozen=True)
class Scored:
    """Two rows, the weight of all that is compared, and which level each field is at."""

    left: int
    right: int
    weight: float
    levels: Mapping[str, str]


def parameters(linkage: Linkage) -> dict[str, Any]:
    """`on`, `prior` and, by field and level, (m, u)."""
    read: dict[str, Any] = json.loads(linkage.parameters.read_text(encoding="utf-8"))
    return read


def weights(linkage: Linkage, found: Mapping[str, str]) -> dict[str, float]:
    """What each field adds to the weight of a pair: log2 of m/u; an empty one adds nothing."""
    said = parameters(linkage)["fields"]
    return {
        field: 0.0
        if level == levels.NULL
        else math.log2(said[field][level][0] / said[field][level][1])
        for field, level in found.items()
    }


def before(linkage: Linkage) -> float:
    """The weight of two of which nothing is known: log2 of the odds that they are one."""
    prior = float(parameters(linkage)["prior"])
    return math.log2(prior / (1 - prior))


def settings(
    linkage: Linkage,
    blocks: Sequence[Sequence[str]],
    *,
    trained: bool,
    link_type: str = "dedupe_only",
) -> dict[str, Any]:
    """Splink's settings, as its own dictionary."""
    said: dict[str, Any] = {"prior": 0.0001, "fields": {}}
    if trained:
        said = parameters(linkage)
    return {
        "link_type": link_type,
        "unique_id_column_name": "id",
        "probability_two_random_records_match": said["prior"],
        "blocking_rules_to_generate_predictions": [_rule(block) for block in blocks],
        "comparisons": [
            _comparison(one, said["fields"].get(one.field)) for one in linkage.compared
        ],
        "retain_intermediate_calculation_columns": False,
        "retain_matching_columns": True,
    }


def _rule(block: Sequence[str]) -> str:
    return " AND ".join(f'l."{column}" = r."{column}"' for column in block)


def _comparison(one: Compared, said: Mapping[str, Sequence[float]] | None) -> dict[str, Any]:
    made: list[dict[str, Any]] = [
        {"sql_condition": levels.empty(one), "label_for_charts": "empty", "is_null_level": True}
    ]
    for name in levels.names(one):
        sql = "ELSE" if name == levels.ELSE else levels.condition(one, name)
        level: dict[str, Any] = {"sql_condition": sql, "label_for_charts": name}
        if said:
            level |= {"m_probability": said[name][0], "u_probability": said[name][1]}
        made.append(level)
    return {"output_column_name": one.field, "comparison_levels": made}


def prepare(duck: Any, linkage: Linkage, source: str, into: str = "prepared") -> None:
    """Make the table `into` out of one that has `id` and the fields as texts."""
    preparing.learn_sounds(duck)
    columns = ", ".join(preparing.expressions(linkage))
    duck.execute(f"CREATE OR REPLACE TABLE {into} AS SELECT id, {columns} FROM {source}")


def linker(
    duck: Any, linkage: Linkage, blocks: Sequence[Sequence[str]], *, trained: bool = True
) -> Any:
    from splink import Linker
    from splink.backends.duckdb import DuckDBAPI

    table = DuckDBAPI(connection=duck).register("prepared")
    return Linker(table, settings(linkage, blocks, trained=trained), log_level=None)


def link(
    duck: Any, linkage: Linkage, block: Sequence[str], left: str, right: str
) -> Iterator[Scored]:
    """Pairs of a row of one prepared table and a row of another, as `score` finds them in one."""
    from splink import Linker
    from splink.backends.duckdb import DuckDBAPI

    database = DuckDBAPI(connection=duck)
    # By the order of their names Splink knows which is the left one.
    tables = [
        database.register(table, dataset_display_name=name)
        for name, table in (("side_a", left), ("side_b", right))
    ]
    said = settings(linkage, [block], trained=True, link_type="link_only")
    try:
        yield from _scored(duck, linkage, Linker(tables, said, log_level=None))
    finally:
        database.delete_tables_created_by_splink_from_db()


def score(duck: Any, linkage: Linkage, blocks: Sequence[Sequence[str]]) -> Iterator[Scored]:
    """Pairs of `prepared` from the review weight on that agree in one of the blocks."""
    yield from _scored(duck, linkage, linker(duck, linkage, blocks))


def _scored(duck: Any, linkage: Linkage, made: Any) -> Iterator[Scored]:
    scored = made.inference.predict(threshold_match_weight=linkage.review)
    columns = ", ".join(f'"gamma_{one.field}"' for one in linkage.compared)
    cursor = duck.execute(f"SELECT id_l, id_r, match_weight, {columns} FROM {scored.physical_name}")
    while rows := cursor.fetchmany(BATCH):
        for left, right, weight, *gammas in rows:
            found = {
                one.field: _level(one, gamma)
                for one, gamma in zip(linkage.compared, gammas, strict=True)
            }
            yield Scored(left, right, weight, found)


def _level(one: Compared, gamma: int) -> str:
    """Splink counts levels from none (0) upward; -1 is an empty one."""
    return levels.NULL if gamma < 0 else levels.names(one)[::-1][gamma]
