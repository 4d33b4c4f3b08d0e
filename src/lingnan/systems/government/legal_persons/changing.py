"""Registered changes of an enterprise, its branches, its revocation, and noted hindrances."""

from typing import Any

from django.db import transaction

from lingnan.kernel.runtime.api import Title, action, legal_time
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.legal_persons import codes, telling
from lingnan.systems.government.legal_persons.holdings import YUAN, held
from lingnan.systems.government.legal_persons.models import Branch, Enterprise, Holding
from lingnan.systems.government.legal_persons.setting_up import Refused, name_key, name_taken


def change_particular(company: Enterprise, who: Actor, field: str, value: str, ref: str) -> None:
    """Name, premises, scope or supervisors, from today (条例 Art. 24).

    Raises Refused, Conflict, or IntegrityError where the name is taken at the same moment."""
    changes: dict[str, Any] = {field: value}
    if field == "name":
        if name_taken(company.division, value, but=company.credit_code):
            raise Refused("name_taken")
        changes["name_key"] = name_key(company.division, value)
    with transaction.atomic(), action(by=who.signature, reason=f"变更登记 {ref}") as act:
        act.change(company, **changes)
        if field == "name":
            for row in Holding.objects.filter(holder_code=company.credit_code, ended=False):
                act.change(row, holder_name=value)


def change_capital(
    company: Enterprise, who: Actor, holder: str, capital: int, paid: int, ref: str
) -> None:
    """Another registered capital (10,000 yuan): the difference is one shareholder's.

    `holder` is the number of the holding, `paid` what is paid of it afterwards, in yuan. Raises
    Refused, Conflict; InvalidHoldings where the result cannot be true.
    """
    row = Holding.objects.filter(number=holder, company=company.credit_code, ended=False).first()
    if row is None:
        raise Refused("not_a_holder")
    left = row.subscribed + (capital - company.capital) * YUAN
    if capital <= 0 or left <= 0:
        raise Refused("no_capital")
    if not 0 <= paid <= left:
        raise Refused("paid_over")
    with transaction.atomic(), action(by=who.signature, reason=f"变更登记 {ref}") as act:
        changed = act.change(company, capital=capital)
        act.change(row, subscribed=left, paid=paid)
        held(changed)


def open_branch(company: Enterprise, who: Actor, values: dict[str, Any], ref: str) -> Branch:
    """A branch, registered where it is (条例 Art. 23; 公司法 Art. 13). Raises Refused."""
    if company.ended or company.state != "existing":
        raise Refused("not_existing")
    if name_taken(who.division, values["name"]):
        raise Refused("name_taken")
    code = codes.free_code(
        f"{company.credit_code}|{values['name']}", codes.ENTERPRISE, who.division
    )
    with action(by=who.signature, reason=f"分支机构设立登记 {ref}") as act:
        return act.create(
            Branch,
            credit_code=code,
            company=company.credit_code,
            division=who.division,
            registered_on=legal_time.today(),
            **values,
        )


def close_branch(branch: Branch, who: Actor, ref: str) -> None:
    with action(by=who.signature, reason=f"分支机构注销登记 {ref}") as act:
        act.end(branch)


def revoke(company: Enterprise, who: Actor, why: str, answerable: bool) -> None:
    """The licence is revoked: the firm exists on, until it is cancelled (公司法 Art. 229 (4)).

    `answerable`: its representative bears responsibility (条例 Art. 12 (4)). Raises Refused.
    """
    if company.ended or company.state != "existing":
        raise Refused("not_existing")
    with action(by=who.signature, reason=f"吊销营业执照 {why}"[:400]) as act:
        act.change(
            company,
            state="revoked",
            revoked_on=legal_time.today(),
            revocation=why,
            answerable=answerable,
        )
    title = Title("营业执照已被吊销", "The licence is revoked")
    telling.tell_firm(company, title, Title(why, why))


def note(company: Enterprise, who: Actor, hindrance: str) -> None:
    """Note a dispute over who owns it or a court's freeze; empty words lift the note."""
    with action(by=who.signature, reason=hindrance or "解除权属限制") as act:
        act.change(company, hindrance=hindrance)


def note_dispute(company: Enterprise, who: Actor, number: str, words: str) -> None:
    """Note a dispute about one shareholding: nothing of it is transferred until it is lifted
    (empty words). Raises Refused, Conflict."""
    row = Holding.objects.filter(number=number, company=company.credit_code, ended=False).first()
    if row is None:
        raise Refused("not_a_holder")
    with action(by=who.signature, reason=words or "解除股权争议标注") as act:
        act.change(row, dispute=words)
