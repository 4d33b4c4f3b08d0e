"""Divisions and phones as they are compared: which level two values are at."""

import json
from pathlib import Path

import duckdb
import pyarrow
import pytest

from lingnan.kernel.registry.api import Compared, Linkage
from lingnan.kernel.registry.linkage import levels, scoring
from lingnan.kernel.registry.linkage.declaration import Kind

CASES: list[tuple[Kind, str, str, str]] = [
    ("division", "440103001", "440103001", "exact"),
    ("division", "440103001000", "440103001", "exact"),
    ("division", "440103", "440103001", "part"),
    ("division", "440100", "440103001", "part"),
    ("division", "440000", "440103001", "part"),
    ("division", "440103000000", "440103", "exact"),
    ("division", "440103001", "440103012", "county"),
    ("division", "440103100", "440103001", "county"),
    ("division", "440103001", "440106001", "city"),
    ("division", "440103001", "440304001", "different"),
    ("division", "440103001", "", "empty"),
    ("phone", "13800138000", "+86 138-0013-8000", "exact"),
    ("phone", "13800138000", "008613800138000", "exact"),
    ("phone", "13800138000", "13800138001", "near"),
    ("phone", "13800138000", "13801038000", "near"),
    ("phone", "020-83330000", "020 8333 0000", "exact"),
    ("phone", "13800138000", "13912345678", "different"),
    ("phone", "13800138000", "--", "empty"),
]


@pytest.mark.parametrize(("kind", "one", "other", "level"), CASES)
def test_a_pair_is_at_its_level(
    kind: Kind, one: str, other: str, level: str, tmp_path: Path
) -> None:
    compared = (Compared("said", kind), Compared("sex", "code"))
    fields = {
        each.field: {name: [0.5, 0.1] for name in levels.names(each.kind)} for each in compared
    }
    file = tmp_path / "parameters.json"
    file.write_text(json.dumps({"prior": 0.1, "fields": fields}), encoding="utf-8")
    linkage = Linkage(compared, (("sex",),), file, review=-50)
    with duckdb.connect(":memory:") as duck:
        columns = {"id": [1, 2], "said": [one, other], "sex": ["1", "1"]}
        duck.register("raw", pyarrow.table(columns))
        scoring.prepare(duck, linkage, "raw")
        (found,) = scoring.score(duck, linkage, linkage.blocks)
    assert found.levels == {"said": level, "sex": "exact"}
