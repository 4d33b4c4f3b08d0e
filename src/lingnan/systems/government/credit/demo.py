"""A handful of events about synthetic firms; what owners can try stands in `demo_owners`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lingnan.kernel.exchange.api import give
from lingnan.kernel.runtime.api import Firm, World, action
from lingnan.systems.government.credit import demo_owners
from lingnan.systems.government.credit.models import CreditEvent
from lingnan.systems.government.credit.rules import periods

CATERING = ("餐饮服务", "小食店")
FOOD_SAFETY = "《食品安全法》（2021-04-29）第一百二十四条"
PUBLICITY = "《企业信息公示暂行条例》（2014-08-07）第十七条"


@dataclass(frozen=True)
class Told:
    """One invented event. Who lost a food licence has another trade now."""

    kind: str
    trade: str
    what: str
    basis: str
    years_ago: int

    def decided_on(self, world: World) -> date:
        return date(world.start.year - self.years_ago, 1, 15)

    def fits(self, firm: Firm, world: World) -> bool:
        caters = firm.scope in CATERING
        right_trade = caters != (self.kind == "revocation") if self.trade == "food" else not caters
        return right_trade and firm.registered_on < self.decided_on(world)


REVOKED = "原经营的饮食店经营腐败变质食品，情节严重，吊销食品经营许可证"
EVENTS = (
    Told("revocation", "food", REVOKED, FOOD_SAFETY, 2),
    Told("revocation", "food", REVOKED, FOOD_SAFETY, 6),
    Told("penalty", "food", "经营超过保质期的食品，罚款", FOOD_SAFETY, 1),
    Told("abnormal_list", "other", "未按照规定的期限公示年度报告", PUBLICITY, 1),
    Told("serious_list", "other", "列入经营异常名录满三年未履行公示义务", PUBLICITY, 1),
)


def build(world: World) -> None:
    chosen = _chosen(world)
    people = give("person", "credit", [firm.operator for firm, _told in chosen])
    firms = give("organisation", "credit", [firm.key for firm, _told in chosen])
    with action(by="demonstration", reason="synthetic province") as act:
        act.load(CreditEvent, _rows(chosen, people, firms, world))
    demo_owners.build(world)


def _chosen(world: World) -> list[tuple[Firm, Told]]:
    """The first operated businesses that each event fits, of nobody who can be signed in as."""
    known = {person.key for person in world.featured.values()}
    waiting, found = list(EVENTS), []
    for firm in world.firms():
        told = next((one for one in waiting if one.fits(firm, world)), None)
        if told is None or not firm.operator or firm.operator in known:
            continue
        waiting.remove(told)
        known.add(firm.operator)
        found.append((firm, told))
        if not waiting:
            break
    return found


def _rows(
    chosen: list[tuple[Firm, Told]],
    people: Mapping[int, str],
    firms: Mapping[int, str],
    world: World,
) -> Iterator[dict[str, Any]]:
    for place, (firm, told) in enumerate(chosen, start=1):
        decided = told.decided_on(world)
        ends = periods.end_of(told.kind, told.trade, decided)
        body = world.body("market", firm.division)
        personal = told.kind == "revocation"
        yield {
            "number": f"{decided.year}-{place:04d}",
            "person": people[firm.operator],
            "organisation": "" if personal else firms[firm.key],
            "name": firm.operator_name if personal else firm.name,
            "kind": told.kind,
            "trade": told.trade,
            "what": told.what,
            "basis": told.basis,
            "source": body.code,
            "source_name": body.name_zh,
            "decided_on": decided,
            "ended_on": ends,
            "kept_until": periods.kept_until(ends) if ends else None,
            "division": firm.division,
            "credit_code": "" if personal else firm.code,
            "document": f"演示罚决〔{decided.year}〕{place}号",
            "severity": "ordinary" if told.kind == "penalty" else "",
            "published_on": decided,
            "valid_from": decided,
        }
