"""A new legal representative: named by the registrar, registered once they confirm in person.

市场主体登记管理条例 (2021-07-27) Art. 15 (who is registered is verified) and 24 (changes).
"""

import secrets

from django.db import transaction

from lingnan.kernel.exchange.api import introduce
from lingnan.kernel.runtime.api import Title, action, legal_time
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.legal_persons import telling
from lingnan.systems.government.legal_persons.models import Appointment, Enterprise
from lingnan.systems.government.legal_persons.setting_up import Refused, barred


def open_one(code: str) -> Appointment | None:
    """The appointment of a firm that waits for an answer."""
    return Appointment.objects.filter(company=code, state="named", ended=False).first()


def name(company: Enterprise, who: Actor, person: str, reference: str) -> Appointment:
    """Name somebody; whoever was named before and has not answered is named no more.

    Raises Refused, Conflict.
    """
    if company.ended or company.state != "existing":
        raise Refused("not_existing")
    before = open_one(company.credit_code)
    with transaction.atomic(), action(by=who.signature, reason=f"变更登记 {reference}") as act:
        if before is not None:
            act.change(before, state="withdrawn", answered_on=legal_time.today())
        made = act.create(
            Appointment,
            number=f"RZ-{legal_time.today().year}-{secrets.token_hex(6).upper()}",
            company=company.credit_code,
            name=person,
            reference=reference,
            named_on=legal_time.today(),
            division=company.division,
        )
    title = Title("拟变更法定代表人", "Another legal representative is named")
    text = f"{company.name} → {person}"
    telling.tell_firm(company, title, Title(text, text))
    return made


def of_person(who: Actor, number: str) -> Appointment | None:
    """The appointment of a number, if it names who asks and waits for their answer."""
    found = Appointment.objects.filter(number=number.strip().upper()[:24], ended=False).first()
    return found if found and found.state == "named" and found.name == who.name else None


def confirm(found: Appointment, who: Actor) -> Enterprise:
    """Who is named agrees: from today they represent the firm. Raises Refused, Conflict."""
    company = Enterprise.objects.filter(credit_code=found.company, ended=False).first()
    if company is None or found.state != "named":
        raise Refused("not_open")
    person = introduce(who.subject, to="legal_persons")
    if barred(person, found.number, who) in ("own", "credit"):
        raise Refused("barred")
    today, former = legal_time.today(), company.agent
    with transaction.atomic(), action(by=who.signature, reason=f"变更 {found.reference}") as act:
        act.change(found, state="confirmed", answered_on=today, person=person)
        changed = act.change(company, representative=found.name, agent=person)
    title = Title("法定代表人已变更", "The legal representative has changed")
    text = f"{company.name} → {found.name}"
    if former != person:
        telling.tell(former, title, Title(text, text), "/enterprises/mine/")
    return changed


def decline(found: Appointment, who: Actor) -> None:
    """Who is named does not agree: nothing changes. Raises Refused, Conflict."""
    if found.state != "named":
        raise Refused("not_open")
    person = introduce(who.subject, to="legal_persons")
    with action(by=who.signature, reason="不同意担任法定代表人") as act:
        act.change(found, state="declined", answered_on=legal_time.today(), person=person)
