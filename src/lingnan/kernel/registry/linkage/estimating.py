"""Estimating the parameters of a linkage: u by random sampling, m by expectation maximisation.

Called by the command `linkage_estimate` only, over a file of records, never in a request.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from lingnan.kernel.registry.linkage import levels, scoring
from lingnan.kernel.registry.linkage.declaration import Linkage
from lingnan.kernel.registry.projection import engine

LEAST_M, LEAST_U = 0.001, 1e-6
SEED = 1


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
    fields = {}
    for comparison in linked._settings_obj.comparisons:
        said = {
            level.label_for_charts: [
                _least(level.m_probability, LEAST_M),
                _least(level.u_probability, LEAST_U),
            ]
            for level in comparison.comparison_levels
            if level.label_for_charts != levels.NULL
        }
        fields[comparison.output_column_name] = said
    return {"on": on.isoformat(), "rows": rows.name, "prior": _prior(duck), "fields": fields}


def _least(value: Any, least: float) -> float:
    """A level that was never seen has no estimate: it is held rare, not impossible."""
    return max(float(value), least) if isinstance(value, (int, float)) else least


def _prior(duck: Any) -> float:
    """That two random rows are one subject: one in the number of rows, about."""
    (count,) = duck.execute("SELECT count(*) FROM prepared").fetchone()
    return 1 / max(count, 2)


def write(found: dict[str, Any], to: Path) -> None:
    to.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
