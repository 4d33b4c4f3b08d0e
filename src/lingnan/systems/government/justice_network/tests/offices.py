"""Officials of one county doing what they do with a case, over HTTP."""

import re
from datetime import timedelta
from typing import Any

from lingnan.kernel.runtime.api import legal_time
from lingnan.systems.government.justice_network import ledger, watching
from tests.people import Person

COUNTY = "440103"
LOGINS = {
    "investigator": f"{COUNTY}-police-investigator",
    "police_head": f"{COUNTY}-police-head",
    "prosecutor": f"{COUNTY}-procuratorate-prosecutor",
    "chief": f"{COUNTY}-procuratorate-head",
    "custody": f"{COUNTY}-procuratorate-custody_prosecutor",
    "judge": f"{COUNTY}-court-judge",
    "court_head": f"{COUNTY}-court-head",
    "upper_judge": "440100-court-judge",
    "upper_chief": "440100-procuratorate-head",
    "province_chief": "440000-procuratorate-head",
    "correction": f"{COUNTY}-justice-correction_officer",
    "prison": "440000-prison-prison_officer",
}


def person(name: str) -> Person:
    return Person(LOGINS[name])


def later(days: int) -> None:
    """So many days on, and what the clocks do then; without the days of other systems."""
    legal_time.move_to(legal_time.now() + timedelta(days=days))
    watching.sweep()


def duty(officer: Person, case: str, *titles: str) -> None:
    """Do duties by the titles of their clocks."""
    for title in titles:
        officer.post(clock_link(officer, case, title), act="done", text="已办（合成）")
        assert officer.status == 200, officer.said


def moment() -> dict[str, str]:
    """Now, as a form takes it."""
    now = legal_time.now()
    return {"day": now.date().isoformat(), "clock": f"{now:%H:%M}"}


def opened(officer: Person, name: str = "合成甲", **more: str) -> str:
    """Open a case of one person; returns the address of its page."""
    told = {"charge": "诈骗罪", "name": name, "identity_number": "999999199001010011"}
    officer.post("/desk/justice/open/", **(told | {"summary": "合成案情"} | more))
    assert re.fullmatch(r"/desk/justice/[0-9a-f]{32}/", officer.url), officer.said
    return officer.url


def number_of(case: str) -> str:
    """The number of the case at an address."""
    found = ledger.found(case.strip("/").rpartition("/")[2])
    assert found is not None
    return found.number


def detain(officer: Person, case: str, kind: str = "detention", suspect: int = 1) -> None:
    told: dict[str, Any] = {"person": f"{number_of(case)}-R{suspect}", "kind": kind}
    officer.post(f"{case}add/measure/", reason="合成理由", place="合成看守所", **told, **moment())
    assert officer.url == case, officer.said


def add_document(officer: Person, case: str, title: str, volume: str = "file") -> None:
    officer.post(f"{case}add/document/", title=title, volume=volume, text=f"{title}（合成）")
    assert officer.url == case, officer.said


def add_evidence(officer: Person, case: str, name: str, kind: str = "thing") -> None:
    officer.post(
        f"{case}add/evidence/", name=name, kind=kind, quantity="一件", place="合成保管室",
        seal="封0001", **moment(),
    )  # fmt: skip
    assert officer.url == case, officer.said


def act(officer: Person, case: str, code: str, **more: Any) -> None:
    officer.post(f"{case}acts/{code}/", **more)
    assert officer.status == 200 and officer.url == case, officer.said


def approve(head: Person, case: str, agreed: str = "yes", text: str = "") -> None:
    head.post(case, agreed=agreed, text=text)
    assert head.status == 200, head.said


def offered(officer: Person) -> str:
    """The address of the newest package that waits for the officer's body."""
    found = re.findall(r'href="(/desk/justice/[0-9a-f]{32}/packages/[\w-]+/)"',
                       officer.get("/desk/justice/"))  # fmt: skip
    assert found, officer.said
    return str(found[-1])


def receive(officer: Person, package: str = "", missing: str = "", verdict: str = "received",
            text: str = "") -> str:  # fmt: skip
    """Tick everything but what is missing; returns the address of the package."""
    package = package or offered(officer)
    there = re.findall(r'name="there" value="([\w-]+)"', officer.get(package))
    ticked = [one for one in there if one != missing]
    officer.post(package, there=ticked, verdict=verdict, text=text)
    assert officer.status == 200 and officer.url != package, officer.said
    return package


def clock_link(officer: Person, case: str, title: str) -> str:
    """The address of a clock by its title."""
    found = re.search(rf'href="({case}clocks/[0-9a-f]+/)"[^>]*>{title}', officer.get(case))
    assert found, officer.said
    return found[1]
