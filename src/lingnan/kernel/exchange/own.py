"""Whom somebody stands for: the organisations on record as theirs, and officials as residents."""

from dataclasses import dataclass
from typing import Any

from lingnan.kernel.exchange import pseudonyms
from lingnan.kernel.exchange.answers import FromRecords
from lingnan.kernel.exchange.catalogue import resources
from lingnan.kernel.exchange.introductions import TRUST
from lingnan.kernel.trust.api import Account, Actor


@dataclass(frozen=True)
class Organisation:
    """`code` and `name` as the register has them; `subject` is what trust calls it."""

    code: str
    name: str
    subject: str


def organisations_of(who: Actor) -> list[Organisation]:
    """The organisations that a resident answers for; of whoever acts for a firm that firm alone.

    By the registers that share organisations by the person who answers for them. Nothing is told
    to any body, so it is no use of the exchange: people see what stands on record as their own.
    """
    if who.acting is not None:
        one = who.acting
        # A firm is represented by a power of its own, never by one of the person behind it.
        return [Organisation(one.code, one.name, one.principal)] if one.code else []
    subject = who.subject
    found: dict[int, tuple[str, str]] = {}
    for resource in resources().values():
        answer = resource.answer
        if resource.subject != "person" or not isinstance(answer, FromRecords):
            continue
        declared: Any = answer.model
        if declared.record.subject != "organisation":
            continue
        name = pseudonyms.translate("person", TRUST, resource.system, [subject])[subject]
        rows = declared.objects.filter(**{answer.subject: name}, ended=False).order_by("key")
        named = next(code for code in resource.elements if code.endswith(".name"))
        label, code = declared.record.elements[named], declared.record.identifier
        found |= {row.key: (getattr(row, code), getattr(row, label)) for row in rows}
    given = pseudonyms.give("organisation", TRUST, found)
    return [Organisation(code, name, given[key]) for key, (code, name) in found.items()]


def officials_on_record() -> dict[int, list[int]]:
    """Person's key → accounts of officials who said which resident they are.

    For supervision alone: that an official looks at the own record, or a colleague's.
    """
    rows = Account.objects.filter(kind="official").exclude(subject="")
    accounts: dict[str, list[int]] = {}
    for subject, key in rows.values_list("subject", "key"):
        accounts.setdefault(subject, []).append(key)
    keys = pseudonyms.resolve("person", TRUST, list(accounts))
    return {keys[subject]: held for subject, held in accounts.items()}
