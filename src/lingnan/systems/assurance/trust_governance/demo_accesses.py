"""Unusual accesses of the demonstration, by its invented officials through the registers.

Everything here is done as an official does it, so that it stands in the evidence like any other
access and the rules find it by themselves. Only a demonstration does this, and once.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from lingnan.kernel.exchange.api import ExchangeFailure, Use, give, single
from lingnan.kernel.registry.api import reading, record_types
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Account, Actor, actor_of
from lingnan.systems.assurance.trust_governance.models import Scanned

COUNTY, OTHER, CITY = "440103", "440106", "4401"
BROWSING = "440100-police-records_officer"
OFFICER = f"{COUNTY}-police-records_officer"
HEAD = f"{COUNTY}-police-head"
# Officials of three bodies who all open the same person's record.
MANY = (OFFICER, HEAD, BROWSING, "440100-police-head",
        "440000-police-records_officer")  # fmt: skip
BROWSED = 16


def play_once() -> int:
    """Before the evidence is looked through for the first time; returns how many were made."""
    if not legal_time.is_demonstration() or Scanned.objects.exists():
        return 0
    register: Any = next((one for one in record_types() if one.record.subject == "person"), None)
    browsing, officer, head = map(_official, (BROWSING, OFFICER, HEAD))
    if register is None or browsing is None or officer is None or head is None:
        return 0
    browsed, there = _people(register, CITY), _people(register, COUNTY)
    if len(there) < 2:
        return 0
    known, own = there[-1], there[-2]
    _is_on_record(OFFICER, own)
    done = _open(register, browsing, browsed[:BROWSED])
    done += _open(register, officer, [own]) + _open(register, head, [own])
    done += sum(_open(register, who, [known]) for login in MANY if (who := _official(login)))
    return done + _without_case(register)


def _people(register: Any, place: str) -> list[int]:
    """Some of those who live at a place, in the register's order."""
    rows = register.objects.filter(ended=False, **{f"{register.record.scope}__startswith": place})
    return list(rows.order_by("key").values_list("key", flat=True)[: 2 * BROWSED])


def _official(login: str) -> Actor | None:
    account = Account.objects.filter(login=login, demonstration=True).first()
    return actor_of(account) if account is not None else None


def _is_on_record(login: str, key: int) -> None:
    """An official of the demonstration says which of its residents they are."""
    name = give("person", "trust", [key])[key]
    Account.objects.filter(login=login, subject="").update(subject=name)


def _open(register: Any, who: Actor, people: Sequence[int]) -> int:
    refs = [reading.reference_of(register, key) for key in people]
    return sum(reading.opened(register, who, ref) is not None for ref in refs)


def _without_case(register: Any) -> int:
    """A reviewer reads somebody of another county over the exchange, for no case."""
    who = _official(f"{COUNTY}-market-reviewer")
    rows = register.objects.filter(ended=False, **{register.record.scope: OTHER})
    key = rows.order_by("key").values_list("key", flat=True).first()
    if who is None or key is None:
        return 0
    subject = give("person", who.body, [key])[key]
    with suppress(ExchangeFailure):
        return len(
            single(
                Use(
                    resource="population.identity", consumer=who.body, purpose="food_licence",
                    basis="《行政许可法》（2019-04-23）第三十三条", case="", actor=who.signature,
                    subjects=(subject,), elements=("person.name", "person.identity_number"),
                )
            )
        )  # fmt: skip
    return 0
