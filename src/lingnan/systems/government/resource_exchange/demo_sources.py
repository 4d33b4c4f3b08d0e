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
CREATE TABLE about (note TEXT);
CREATE TABLE lift (
    registration_no TEXT NOT NULL PRIMARY KEY, address TEXT NOT NULL, kept_by TEXT NOT NULL,
    next_inspection DATE NOT NULL, state TEXT NOT NULL
);
CREATE TABLE operator_licence (
    licence_no TEXT NOT NULL PRIMARY KEY, sfzh TEXT NOT NULL, xm TEXT NOT NULL,
    kind TEXT NOT NULL, valid_until DATE NOT NULL
);
CREATE INDEX operator_licence_person ON operator_licence (sfzh);
"""
COLUMNS = (
    ("registration_no", "使用登记证编号", "Registration number"),
    ("address", "所在地址", "Where it is"),
    ("kept_by", "维护保养单位", "Maintained by"),
    ("next_inspection", "下次检验日期", "Next inspection"),
    ("state", "使用状态", "State of use"),
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
    table = sources.table(sources.Connection("sqlite", path=FILE), "lift")
    key, number = _number("FB", "exchange.publication")
    columns: list[dict[str, Any]] = [
        {"column": name, "element": f"liwan_lifts.{name}", "zh": zh, "en": en, "sensitive": False}
        for name, zh, en in COLUMNS
    ]
    names = [one["column"] for one in columns]
    act.create(
        Publication, key=key, number=number, code="liwan_lifts.lift", body=body, function="market",
        source=source, table="lift", columns=columns, asked_by="registration_no", subject="thing",
        kept=sources.kept(table, names, "registration_no"), title_zh="荔湾区在用电梯（合成数据）",
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
        one.execute("INSERT INTO about VALUES ('合成数据，不是真实设备和人员 · synthetic data')")
        one.executemany("INSERT INTO lift VALUES (?, ?, ?, ?, ?)", list(_lifts(world.start)))
        one.executemany(
            "INSERT INTO operator_licence VALUES (?, ?, ?, ?, ?)",
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
