"""An enterprise's founder and registrar at work over HTTP, for the tests of its life."""

from datetime import date
from typing import Any

from lingnan.kernel.exchange.api import introduce
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import Account
from lingnan.systems.government.legal_persons import codes
from lingnan.systems.government.legal_persons.holdings import outsider
from lingnan.systems.government.legal_persons.models import (
    Enterprise,
    Filing,
    Holding,
)
from tests.clockwork import advance
from tests.people import Person

COUNTY = "440103"
NEW = {
    "act": "file",
    "division": COUNTY,
    "name": "广州市荔湾区新程（演示）有限公司",
    "scope": "软件开发",
    "premises": "广州市荔湾区龙津东路18号",
    "supervisors": "何监事",
    "capital": "100",
    "holder-0": "本人",
    "subscribed-0": "600000",
    "paid-0": "100000",
    "holder-1": "海外创业投资基金（演示）",
    "subscribed-1": "400000",
}
REPORT = {
    "act": "report",
    "year": "2025",
    "address": "广州市荔湾区龙津东路18号",
    "phone": "13800000000",
    "condition": "open",
    "employees": "7",
    "assets": "1234567",
    "debts": "1",
    "revenue": "7654321",
    "profit": "-5",
    "taxes": "0",
    "show-assets": "1",
}


def account(person: Person) -> Account:
    return Account.objects.get(login=person.login)


def filed(founder: Person, **changes: str) -> Filing:
    founder.post("/enterprises/set-up/", **(NEW | changes))
    assert founder.status == 200, founder.text
    return Filing.objects.get(name=changes.get("name", NEW["name"]), state="filed")


def set_up(founder: Person, registrar: Person, **changes: str) -> Enterprise:
    made = filed(founder, **changes)
    decide = f"/desk/registration/filings/{made.number}/"
    registrar.post(decide, act="decide", outcome="grant", words="", checked="")
    assert registrar.status == 200 and made.name in registrar.text, registrar.text
    return Enterprise.objects.get(name=made.name, ended=False)


def of(person: Person, firm: Enterprise) -> Enterprise:
    """An old firm of the county that a resident represents."""
    agent = introduce(account(person).subject, to="legal_persons")
    with action(by="a test", reason="represents") as act:
        return act.change(firm, agent=agent)


def old_firm(registered_on: date = date(2019, 5, 6)) -> Enterprise:
    """A plain firm of the county with one shareholder, and without reports."""
    code = codes.free_code(f"old {registered_on}", codes.ENTERPRISE, COUNTY)
    shared: dict[str, Any] = {"scope": "软件开发", "premises": NEW["premises"], "division": COUNTY}
    with action(by="a test", reason="an old firm") as act:
        firm = act.create(
            Enterprise, credit_code=code, name="老字号（演示）有限公司", representative="何某",
            capital=10, registered_on=registered_on, **shared,
        )  # fmt: skip
        act.create(
            Holding, number=f"{code}-001", company=code, holder=outsider("何某", COUNTY),
            kind="outside", holder_name="何某", subscribed=100_000, paid=0, division=COUNTY,
        )  # fmt: skip
    return firm


def on_the_day(person: Person) -> Person:
    """Signed in again: a session does not outlive months of legal time."""
    return Person(person.login)


def until(day: date) -> None:
    advance(f"{(day - legal_time.today()).days}d")
