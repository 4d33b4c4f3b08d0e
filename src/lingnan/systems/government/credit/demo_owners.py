"""What the demonstration's shop owners find: a penalty each, one honour, and what is under way.

The first owner has asked for a repair, the second has objected, the third bears an honour.
"""

from datetime import date, timedelta

from lingnan.kernel.duty.api import clocks, tasks
from lingnan.kernel.exchange.api import conclude, give
from lingnan.kernel.runtime.api import Firm, Title, World, action
from lingnan.systems.government.credit import joint, objections, registered, repairs, standing
from lingnan.systems.government.credit.models import CreditEvent, Listing, Objection, Repair
from lingnan.systems.government.credit.resources import RESOURCES
from lingnan.systems.government.credit.rules import periods
from lingnan.systems.government.credit.rules.terms import parameters

FOOD = "《食品安全法》（2021-04-29）第一百二十六条"
TO_MARKET = ("credit.events_of_organisation", "credit.joint_lists")
# (kind, severity, what, days before the business date)
OF_OWNERS = (
    ("penalty", "ordinary", "进货时未查验供货者的许可证，拒不改正，罚款（演示）", 260),
    ("penalty", "light", "餐具使用前未经消毒，拒不改正，较低数额罚款（演示）", 40),
    ("honour", "", "守信示范单位（演示）", 300),
)


def build(world: World) -> None:
    _agreements(world)
    shops = list(world.shops.values())[: len(OF_OWNERS)]
    people = give("person", "credit", [shop.operator for shop in shops])
    firms = give("organisation", "credit", [shop.key for shop in shops])
    events = [
        _event(world, place, shop, people[shop.operator], firms[shop.key])
        for place, shop in enumerate(shops)
    ]
    if events:
        _repair(world, events[0])
    if len(events) > 1:
        _objection(world, events[1])
    joint.round_of_day()
    with action(by="demonstration", reason="synthetic province") as act:
        for row in Listing.objects.filter(list="punishment", state="told"):
            act.change(row, state="entered", entered_on=world.start)


def _agreements(world: World) -> None:
    """What the credit body asks for the own view, and what market regulators may ask of it."""
    credit, market = (world.body(name, "440000").code for name in ("credit", "market"))
    conclude(
        "GD-2026-0301", standing.BUSINESSES, credit, standing.PURPOSE, standing.BASIS,
        standing.ELEMENTS, by="demonstration",
    )  # fmt: skip
    conclude(
        "GD-2026-0304", standing.ENTERPRISES, credit, standing.PURPOSE, standing.BASIS,
        standing.OF_ENTERPRISES, by="demonstration",
    )  # fmt: skip
    conclude(
        "GD-2026-0305", registered.LISTS, credit, registered.PURPOSE, registered.BASIS,
        registered.ELEMENTS, by="demonstration",
    )  # fmt: skip
    for place, one in enumerate([one for one in RESOURCES if one.code in TO_MARKET], start=2):
        conclude(
            f"GD-2026-030{place}", one.code, market, registered.CHECK, one.basis,
            tuple(one.elements), by="demonstration",
        )  # fmt: skip


def _event(world: World, place: int, shop: Firm, person: str, firm: str) -> CreditEvent:
    kind, severity, what, ago = OF_OWNERS[place]
    decided = world.start - timedelta(days=ago)
    ends = periods.end_of(kind, "other", decided)
    body = world.body("market", shop.division)
    with action(by="demonstration", reason="synthetic province") as act:
        return act.create(
            CreditEvent,
            number=f"{decided.year}-9{place + 1:03d}",
            person=person,
            organisation=firm,
            name=shop.name,
            kind=kind,
            what=what,
            basis=FOOD if kind == "penalty" else "平台演示，未经核实",
            source=body.code,
            source_name=body.name_zh,
            decided_on=decided,
            ended_on=ends,
            kept_until=periods.kept_until(ends) if ends else None,
            division=shop.division,
            credit_code=shop.code,
            document=f"演示决〔{decided.year}〕9{place + 1:02d}号",
            severity=severity,
            published_on=decided,
        )


def _objection(world: World, event: CreditEvent) -> None:
    days, raised = int(parameters()["objection"]["days"]), world.start - timedelta(days=12)
    with action(by="demonstration", reason="synthetic province") as act:
        act.change(event, disputed=True)
        made = act.create(
            Objection,
            number=f"Y1-{event.number}",
            event=event.number,
            person=event.person,
            name=event.name,
            grounds="餐具由集中消毒单位消毒，有合格证明（演示）",
            statement="餐具有消毒合格证明（演示）",
            raised_on=raised,
            due_on=raised + timedelta(days=days),
            source=event.source,
            division=event.division,
        )
    _clock(made.number, objections.CLOCK, "objection", raised, event.source)
    title = Title("核查信用异议", "Examine an objection to a credit event")
    tasks.open_task(
        made.number, objections.TASK, title, event.name, event.source, objections.ROLE,
        objections.address(made.number),
    )  # fmt: skip


def _repair(world: World, event: CreditEvent) -> None:
    applied, handler = world.start - timedelta(days=4), standing.handler_of(event.division)
    with action(by="demonstration", reason="synthetic province") as act:
        made = act.create(
            Repair,
            number=f"R1-{event.number}",
            event=event.number,
            person=event.person,
            name=event.name,
            grounds="已缴罚款，已建立进货查验记录（演示）",
            papers="缴款凭证（演示）",
            fulfilled=True,
            remedied=True,
            applied_on=applied,
            state="filed",
            source=event.source,
            handler=handler,
            division=event.division,
        )
    _clock(made.number, repairs.CLOCK, "repair", applied, handler)
    repairs.open_tasks(made)


def _clock(reference: str, code: str, part: str, on: date, body: str) -> None:
    rule = parameters()[part]
    days, unit = rule.get("days") or rule["working_days"], rule.get("unit", "working_day")
    limit = {"unit": unit, "statutory": int(days), "promised": int(days)}
    clocks.start(reference, code, limit, rule["basis"], on, body, about=code)
