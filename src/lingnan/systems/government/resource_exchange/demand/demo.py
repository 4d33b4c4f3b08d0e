"""Invented needs of the demonstration, as they come to the board."""

from datetime import timedelta
from typing import Any

from lingnan.kernel.runtime.api import World, action, legal_time
from lingnan.systems.government.resource_exchange.demand.models import Need, NeedJoined

# (title, elements, purpose, basis, function of the body, functions that joined)
POSTED: list[tuple[str, str, str, str, str, tuple[str, ...]]] = [
    ("独居老人名册（演示）", "姓名、住址、是否独居", "冬季消防安全入户宣传",
     "《消防法》（2021-04-29）第六条", "fire", ("market", "urban")),
    ("房屋用途（演示）", "标准地址、规划用途", "核对经营场所是否为住宅",
     "《市场主体登记管理条例》（2021-07-27）第八条", "market", ("tax",)),
    ("在建工程（演示）", "工程名称、标准地址、起止日期", "户外招牌设置避让施工",
     "《行政许可法》（2019-04-23）第三十三条", "urban", ()),
]  # fmt: skip


def build(world: World) -> None:
    with action(by="demonstration", reason="synthetic province") as act:
        for place, (title, elements, purpose, basis, function, _others) in enumerate(POSTED, 1):
            values: dict[str, Any] = {
                "number": f"XQ-DEMO{place}", "title": title, "elements": elements, "account": 0,
                "purpose": purpose, "basis": basis, "body": world.body(function, "440103").code,
            }  # fmt: skip
            if function == "market":
                values |= {
                    "state": "promised", "holder": world.body("urban", "440000").code,
                    "answer": "正在整理，完成后列入目录。",
                    "promised_on": world.start + timedelta(days=90),
                }  # fmt: skip
            act.create(Need, **values)
    NeedJoined.objects.bulk_create(
        NeedJoined(
            need=f"XQ-DEMO{place}", body=world.body(other, "440103").code, why=row[2],
            account=0, by="demonstration", at=legal_time.now(),
        )
        for place, row in enumerate(POSTED, 1)
        for other in row[5]
    )  # fmt: skip
