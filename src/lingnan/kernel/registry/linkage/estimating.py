"""Estimating the parameters of a linkage: u by random sampling, m by expectation maximisation.

Called by the command `linkage_estimate` only, over a file of records, never in a request.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from lingnan.kernel.registry.linkage import levels, scoring
from lingnan.kernel.registry.linkage.declaration import Compared, Linkage
from lingnan.kernel.registry.projection import engine

LEAST_M, LEAST_U = 0.001, 1e-6
SEED = 1
Fields = dict[str, dict[str, list[float]]]


def estimate(linkage: Linkage, rows: Path, on: date) -> dict[str, Any]:
    """Parameters from a CSV file with `id` and the compared fields, to be stored as they are."""
    import duckdb

    duck = duckdb.connect(":memory:", config={"autoload_known_extensions": "false"})
    duck.execute(
        "CREATE TABLE raw AS "
        f"SELECT * FROM read_csv({engine.literal(str(rows))}, all_varchar = true)"
    )
    scoring.prepare(duck, linkage, "(SELECT * REPLACE (CAST(id AS BIGINT) AS id) FROM raw)")
    linked = scoring.linker(duck, linkage, linkage.blocks, trained=False)
    training = linked.training
    training.estimate_u_using_random_sampling(max_pairs=2_000_000, seed=SEED)
    for block in linkage.blocks:
        training.estimate_parameters_using_expectation_maximisation(
            " AND ".join(f'l."{c}" = r."{c}"' for c in block)
        )
    fields = _fields(linked)
    for compared in linkage.compared:
        if compared.twins:
            share = _share_of_twins(duck, linkage, compared)
            fields[compared.field][levels.TWIN] = _of_twins(compared, share, fields)
    return {"on": on.isoformat(), "rows": rows.name, "prior": _prior(duck), "fields": fields}


def _fields(linked: Any) -> Fields:
    return {
        comparison.output_column_name: {
            level.label_for_charts: [
                _least(level._has_estimated_m_values, level.m_probability, LEAST_M),
                _least(level._has_estimated_u_values, level.u_probability, LEAST_U),
            ]
            for level in comparison.comparison_levels
            if level.label_for_charts != levels.NULL
        }
        for comparison in linked._settings_obj.comparisons
    }


def _of_twins(name: Compared, share: float, fields: Fields) -> list[float]:
    """m and u of the level of twins, each without what birthday and address say of it already.

    That twins agree in both is no chance: u, which a sample of pairs would find to be nothing,
    is their counted share of all pairs of two people. So divided it may be more than one.
    """
    m, u = fields[name.field][levels.TWIN][0], share
    for one in name.twins:
        agreed = [fields[one.field][level] for level in levels.AGREES[one.kind]]
        m /= sum(level[0] for level in agreed)
        u /= sum(level[1] for level in agreed)
    return [m, u]


def _share_of_twins(duck: Any, linkage: Linkage, name: Compared) -> float:
    """Of pairs with two valid numbers, who are two people, how many are at the level of twins."""
    number = next(one for one in linkage.compared if one.kind == "number")
    names = levels.names(name)
    better = [levels.condition(name, one) for one in names[: names.index(levels.TWIN)]]
    conditions = [
        levels.condition(name, levels.TWIN),
        *(f"NOT ({condition})" for condition in better),
        levels.condition(number, "both_valid"),
        f"NOT ({levels.condition(number, 'exact')})",
    ]
    left, right = (
        f"(SELECT COLUMNS('(.*)') AS '\\1_{side}' FROM prepared) AS {side}" for side in "lr"
    )
    ((twins,),) = duck.execute(
        f"SELECT count(*) FROM {left} JOIN {right} ON {' AND '.join(conditions)} AND id_l < id_r"
    ).fetchall()
    ((valid,),) = duck.execute(
        f'SELECT count(*) FROM prepared WHERE "{number.field}_ok"'
    ).fetchall()
    pairs = max(1, valid * (valid - 1) / 2)
    return float(max(twins, 1) / pairs)


def _least(seen: bool, value: Any, least: float) -> float:
    """A level that was never seen has but Splink's beginning: it is held rare, not impossible."""
    return max(float(value), least) if seen else least


def _prior(duck: Any) -> float:
    """That two random rows are one subject: one in the number of rows, about."""
    (count,) = duck.execute("SELECT count(*) FROM prepared").fetchone()
    return 1 / max(count, 2)


def write(found: dict[str, Any], to: Path) -> None:
    to.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
