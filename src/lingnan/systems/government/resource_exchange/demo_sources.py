"""A department's own database in the demonstration: a synthetic SQLite file, one table published.

Nothing in it is real: lifts, addresses and licences are invented, and so are the people.
"""

import contextlib
import sqlite3
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from lingnan.kernel.exchange.api import forget, sources
from lingnan.kernel.runtime.api import Action, World, action, keys
from lingnan.systems.government.resource_exchange.sources.models import (
    PUBLISHED,
    Publication,
    Source,
)

COUNTY, FILE, BY = "440103", "synthetic-special-equipment.sqlite3", "demonstration"
LIFTS, STREETS = 48, ("龙津东路", "恩宁路", "宝华路", "荔湾路", "中山八路", "多宝路")
KEEPERS = ("合成电梯维保一公司", "合成电梯维保二公司", "合成电梯维保三公司")
SCHEMA = """
CREATE TABLE "说明" (note TEXT);
CREATE TABLE "在用电梯" (
    "使用登记证编号" TEXT NOT NULL PRIMARY KEY, "所在地址" TEXT NOT NULL,
    "维护保养单位" TEXT NOT NULL, "下次检验日期" DATE NOT NULL, "使用状态" TEXT NOT NULL
);
CREATE TABLE "作业人员证" (
    "证书编号" TEXT NOT NULL PRIMARY KEY, "公民身份号码" TEXT NOT NULL, "姓名" TEXT NOT NULL,
    "作业项目" TEXT NOT NULL, "有效期至" DATE NOT NULL
);
CREATE INDEX by_person ON "作业人员证" ("公民身份号码");
"""
TABLE, KEY = "在用电梯", "使用登记证编号"
COLUMNS = (
    (KEY, "registration_no", "Registration number"),
    ("所在地址", "address", "Where it is"),
    ("维护保养单位", "kept_by", "Maintained by"),
    ("下次检验日期", "next_inspection", "Next inspection"),
    ("使用状态", "state", "State of use"),
)


def build(world: World) -> None:
    """The file, the connection to it, and the published table of lifts."""
    body = world.body("market", COUNTY)
    _file(Path(settings.DATA) / "sources" / FILE, world)
    key, number = _number("LJ", "exchange.source")
    with action(by=BY, reason="synthetic province") as act:
        act.create(
            Source, key=key, number=number, body=body.code, kind="sqlite", place={"path": FILE},
            title="特种设备业务库（合成数据）", joined_by=BY,
        )  # fmt: skip
        _published(act, body.code, number)
    forget()


def _number(letters: str, context: str) -> tuple[int, str]:
    key = keys.new_key()
    return key, f"{letters}-{keys.veil(key, context)[:12].upper()}"


def _published(act: Action, body: str, source: str) -> None:
    table = sources.table(sources.Connection("sqlite", path=FILE), TABLE)
    key, number = _number("FB", "exchange.publication")
    columns: list[dict[str, Any]] = [
        {"column": zh, "element": f"liwan_lifts.{name}", "zh": zh, "en": en, "sensitive": False}
        for zh, name, en in COLUMNS
    ]
    names = [one["column"] for one in columns]
    act.create(
        Publication, key=key, number=number, code="liwan_lifts.lift", body=body, function="market",
        source=source, table=TABLE, columns=columns, asked_by=KEY, subject="thing",
        kept=sources.kept(table, names, KEY), title_zh="荔湾区在用电梯（合成数据）",
        title_en="Lifts in use in Liwan (synthetic)", sharing="conditional",
        condition_zh="依法履行安全监督管理、应急救援职责", state=PUBLISHED,
        condition_en="For duties of safety supervision and rescue by law",
        basis="《特种设备安全法》（2013-06-29）第三十三条", category="205001", cycle="day",
        proposed_by=BY, decided_by=BY,
    )  # fmt: skip


def _file(path: Path, world: World) -> None:
    """Written anew: a process that was killed may have left half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(path)) as one, one:
        one.executescript(SCHEMA)
        one.execute("INSERT INTO \"说明\" VALUES ('合成数据，不是真实设备和人员 · synthetic data')")
        one.executemany(f'INSERT INTO "{TABLE}" VALUES (?, ?, ?, ?, ?)', list(_lifts(world.start)))
        one.executemany(
            'INSERT INTO "作业人员证" VALUES (?, ?, ?, ?, ?)',
            [
                (f"TS{COUNTY}{place:05}", person.number, person.name, "电梯修理",
                 (world.start + timedelta(days=900 - place)).isoformat())
                for place, (_login, person) in enumerate(sorted(world.featured.items()))
            ],
        )  # fmt: skip


def _lifts(start: date) -> list[tuple[str, str, str, str, str]]:
    return [
        (
            f"梯11粤A{place:05}",
            f"广州市荔湾区{STREETS[place % len(STREETS)]}{place + 1}号",
            KEEPERS[place % len(KEEPERS)],
            (start + timedelta(days=11 * place % 365)).isoformat(),
            "在用" if place % 12 else "停用",
        )
        for place in range(LIFTS)
    ]
