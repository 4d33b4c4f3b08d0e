"""What data officers and heads of bodies do with sources, over HTTP."""

import re
from typing import Any

from tests.people import Person

OFFICER, HEAD = "440103-market-data_officer", "440103-market-head"
BODY, FIRE = "gd-440103-market", "gd-440103-fire"
DESK = "/desk/sources/"
BASIS = "《特种设备安全法》（2013-06-29）第十四条"
TERMS = {
    "sharing": "conditional", "condition_zh": "依法履行安全监督管理职责",
    "condition_en": "For duties of safety supervision by law", "basis": BASIS,
    "category": "205001", "cycle": "day",
}  # fmt: skip


def joined(person: Person, kind: str, **place: str) -> str:
    """Join a source; the address of its page."""
    person.post(f"{DESK}new/?kind={kind}", title="业务库", **place)
    assert re.fullmatch(rf"{DESK}LJ-[0-9A-F]{{12}}/", person.url), person.said
    return person.url


def chosen(person: Person, source: str, table: str, **what: Any) -> str:
    """Choose of a table; the address of the draft's page."""
    person.post(f"{source}table/?name={table}", **what)
    found = re.fullmatch(rf"({DESK}tables/FB-[0-9A-F]{{12}}/)describe/", person.url)
    assert found, person.said
    return found[1]


def described(person: Person, draft: str, name: str, **what: Any) -> None:
    """Describe a draft and send it to the second person."""
    person.post(f"{draft}describe/", **(TERMS | named(name) | what))
    assert person.url == draft, person.said


def named(name: str) -> dict[str, str]:
    subsystem, _dot, own = name.partition(".")
    return {"subsystem": subsystem, "name": own, "title_zh": "作业人员证", "title_en": "Licences"}


def agreed(draft: str, login: str = HEAD) -> None:
    head = Person(login)
    head.post(draft, act="agree")
    assert "已发布" in head.said, head.said
