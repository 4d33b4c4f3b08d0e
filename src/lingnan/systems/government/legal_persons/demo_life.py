"""What the synthetic enterprises have done: reports, a branch, entries on the lists, a closing.

All of it is invented. Two featured residents represent firms of the group, so that each page can
be tried.
"""

from datetime import date, timedelta
from typing import Any

from lingnan.kernel.exchange.api import conclude, give
from lingnan.kernel.runtime.api import Action, World, action
from lingnan.systems.government.legal_persons import asking, codes, listing, setting_up
from lingnan.systems.government.legal_persons.deadlines import publication_due
from lingnan.systems.government.legal_persons.models import (
    AnnualReport,
    Branch,
    Closing,
    Enterprise,
    ListEntry,
    Publication,
    PublicationOrder,
)
from lingnan.systems.government.legal_persons.rules.publicity import ordered_until
from lingnan.systems.government.legal_persons.rules.registration import open_until

# The first firms are the group of `demo_holdings`; its first holds nothing of others.
FIRMS, LEAST, UNREPORTED = 40, 6, (1, 2, 4, 7, 10)

ASKED = {
    "about": "2025年度报告",
    "statement": "（演示）年度报告中的从业人数为何没有公示？",
    "contact_name": "何某某",
    "contact": "13800000000",
}


def build(world: World) -> None:
    """In one transaction; of the first firms of the province."""
    consumer = world.body("market", "440000").code
    conclude(
        "GD-2026-0351", setting_up.STANDING, consumer, setting_up.PURPOSE, setting_up.BASIS,
        setting_up.ELEMENTS, by="demonstration",
    )  # fmt: skip
    rows = Enterprise.objects.filter(ended=False, registered_on__lt=date(world.start.year, 1, 1))
    firms = list(rows.order_by("key")[:FIRMS])
    if len(firms) >= LEAST:
        asking.ask(firms[0], None, "question", ASKED)
    with action(by="demonstration", reason="synthetic province") as act:
        for place, firm in enumerate(firms):
            if place not in UNREPORTED:
                _report(act, firm, world, place)
        if len(firms) < LEAST:
            return
        _represented(act, firms[4:6], world)
        _listed(act, firms[1], world, "not_found", 200)
        _listed(act, firms[2], world, "hidden_facts", 1200)
        _closing(act, firms[0], world)
        _branch(act, firms[3], world)
        _published(act, firms[4], world)
        _ordered(act, firms[4], world)
        for firm in firms[LEAST : LEAST + 1]:
            act.change(
                firm,
                state="revoked",
                revoked_on=world.start - timedelta(days=90),
                revocation="（演示）吊销决〔2025〕1号：提交虚假材料取得登记，情节严重",
            )


def _represented(act: Action, firms: list[Enterprise], world: World) -> None:
    logins = sorted(login for login in world.featured if login.startswith("resident-"))
    people = [world.featured[login] for login in logins[:2]]
    known = give("person", "legal_persons", [one.key for one in people])
    for firm, person in zip(firms, people, strict=False):
        act.change(firm, agent=known[person.key], representative=person.name)


def _report(act: Action, firm: Enterprise, world: World, place: int) -> None:
    year = world.start.year - 1
    whole = firm.capital * 10_000
    act.create(
        AnnualReport,
        number=f"{firm.credit_code}-{year}",
        company=firm.credit_code,
        year=year,
        published_on=date(world.start.year, 1, 5 + place % 20),
        address=firm.premises,
        phone="13800000000",
        condition="open",
        employees=5 + place,
        assets=whole,
        debts=whole // 4,
        revenue=whole // 2,
        profit=whole // 20,
        taxes=whole // 50,
        shown="employees,assets" if place % 2 else "",
        division=firm.division,
    )


def _listed(act: Action, firm: Enterprise, world: World, reason: str, ago: int) -> ListEntry:
    entered = world.start - timedelta(days=ago)
    made = listing.give_notice(act, firm, "abnormal", reason, "（演示）核查记录")
    return act.change(
        made,
        state="entered",
        noticed_on=entered - timedelta(days=15),
        heard_until=entered - timedelta(days=5),
        entered_on=entered,
        entry_document=f"（演示）列异决〔{entered.year}〕1号",
    )


def _closing(act: Action, firm: Enterprise, world: World) -> None:
    published = world.start - timedelta(days=10)
    act.create(
        Closing,
        number=f"ZX-{firm.credit_code}-01",
        company=firm.credit_code,
        name=firm.name,
        way="ordinary",
        cause="（演示）股东会决议解散",
        leader=firm.representative,
        team=firm.representative,
        published_on=published,
        open_until=open_until("ordinary", published),
        division=firm.division,
    )


def _branch(act: Action, firm: Enterprise, world: World) -> None:
    values: dict[str, Any] = {"head": firm.representative, "scope": firm.scope}
    act.create(
        Branch,
        credit_code=codes.free_code(f"{firm.credit_code}|1", codes.ENTERPRISE, firm.division),
        company=firm.credit_code,
        name=f"{firm.name}第一分公司",
        premises=firm.premises,
        division=firm.division,
        registered_on=world.start - timedelta(days=30),
        **values,
    )


def _published(act: Action, firm: Enterprise, world: World) -> None:
    """One thing in time, and one late."""
    said = (
        ("capital", "全体股东", "（演示）第二期出资到位，2026年2月", 12, 4),
        ("licence", "（演示）食品经营许可〔2025〕18号", "取得食品经营许可，有效期五年", 120, 10),
    )
    for place, (kind, subject, content, ago, published_ago) in enumerate(said, start=1):
        whole = firm.capital * 10_000 if kind == "capital" else 0
        came_about_on = world.start - timedelta(days=ago)
        act.create(
            Publication,
            number=f"GS-{firm.credit_code}-{place:03d}",
            company=firm.credit_code,
            kind=kind,
            subject=subject,
            content=content,
            subscribed=whole,
            paid=whole // 2,
            means="money" if whole else "",
            came_about_on=came_about_on,
            due_on=publication_due(came_about_on),
            published_on=world.start - timedelta(days=published_ago),
            division=firm.division,
        )


def _ordered(act: Action, firm: Enterprise, world: World) -> None:
    """An order whose period still runs."""
    ordered_on = world.start - timedelta(days=3)
    act.create(
        PublicationOrder,
        number=f"ZL-{firm.credit_code}-001",
        company=firm.credit_code,
        name=firm.name,
        kind="penalty",
        subject="（演示）处罚决定〔2025〕66号",
        came_about_on=world.start - timedelta(days=90),
        found="（演示）处罚决定已生效，公示系统没有记录",
        document="（演示）责改〔2026〕1号",
        ordered_on=ordered_on,
        until=ordered_until(ordered_on),
        division=firm.division,
    )
