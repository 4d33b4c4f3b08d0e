"""Values as they are compared: which level two of them are at."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow
import pytest

from lingnan.kernel.registry.api import Compared, Linkage
from lingnan.kernel.registry.linkage import levels, scoring
from lingnan.kernel.registry.linkage.declaration import Kind

Said = tuple[str, str]

BIRTH, HOME = Compared("birth", "date"), Compared("home", "address")
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
    ("name", "陳國偉", "陈国伟", "variant"),
    ("name", "王志伟", "王智炜", "sound"),
    ("name", "林海濤", "林海涛", "sound"),
    ("name", "欧阳志伟", "志伟欧阳", "reordered"),
    ("name", "王志伟", "王志强", "one_character"),
    ("name", "王志伟", "李国强", "different"),
    ("address", "广东省广州市解放中路8号", "广州市解放中路8号", "contained"),
    ("address", "广州市解放中路18号305房", "广州市解放中路13号306房", "few"),
    ("address", "广州市解放中路18号305房", "湛江市霞山区海滨大道7号", "different"),
]
# Born on one day, living at one address, called otherwise: written right, or with slips.
TWINS: list[tuple[Said, Said, Said, str]] = [
    (("王志伟", "王志强"), ("1980-02-03", "1980-02-03"), ("中山路18号305房",) * 2, "twin"),
    (
        ("王志伟", "王建"),
        ("1980-02-03", "1980-03-02"),
        ("中山路18号305房", "中山路13号305房"),
        "twin",
    ),
    (("王志伟", "王智炜"), ("1980-02-03", "1980-02-03"), ("中山路18号305房",) * 2, "sound"),
    (("王志伟", "王志强"), ("1980-02-03", "1982-02-03"), ("中山路18号305房",) * 2, "one_character"),
    (("王志伟", "李志伟"), ("1980-02-03", "1980-02-03"), ("中山路18号305房",) * 2, "one_character"),
    (("王志伟", "王志强"), ("1980-02-03", ""), ("中山路18号305房",) * 2, "one_character"),
]


@pytest.mark.parametrize("kind", dict.fromkeys(case[0] for case in CASES))
def test_each_pair_is_at_its_level(kind: Kind, tmp_path: Path) -> None:
    cases = [case[1:] for case in CASES if case[0] == kind]
    said = [{"said": (one, other)} for one, other, _level in cases]
    found = levels_of((Compared("said", kind),), said, tmp_path)
    told = [(*case[:2], levels["said"]) for case, levels in zip(cases, found, strict=True)]
    assert told == cases


def test_a_twin_is_told_from_a_slip_of_the_pen(tmp_path: Path) -> None:
    compared = (Compared("name", "name", twins=(BIRTH, HOME)), BIRTH, HOME)
    said = [dict(zip(("name", "birth", "home"), case, strict=False)) for case in TWINS]
    found = levels_of(compared, said, tmp_path)
    told = [(*case[:3], levels["name"]) for case, levels in zip(TWINS, found, strict=True)]
    assert told == TWINS


def levels_of(
    told: tuple[Compared, ...], pairs: list[dict[str, Said]], tmp_path: Path
) -> list[Mapping[str, str]]:
    """The levels of each pair; a pair is compared with itself alone."""
    compared = (*told, Compared("pair", "code"))
    fields = {each.field: {name: [0.5, 0.1] for name in levels.names(each)} for each in compared}
    file = tmp_path / "parameters.json"
    file.write_text(json.dumps({"prior": 0.1, "fields": fields}), encoding="utf-8")
    linkage = Linkage(compared, (("pair",),), file, review=-50)
    columns: dict[str, list[Any]] = {"id": [*range(2 * len(pairs))]}
    columns["pair"] = [str(number // 2) for number in columns["id"]]
    for one in told:
        columns[one.field] = [value for pair in pairs for value in pair[one.field]]
    with duckdb.connect(":memory:") as duck:
        duck.register("raw", pyarrow.table(columns))
        scoring.prepare(duck, linkage, "raw")
        found = {min(s.left, s.right): s.levels for s in scoring.score(duck, linkage, [("pair",)])}
    return [found[2 * number] for number in range(len(pairs))]
