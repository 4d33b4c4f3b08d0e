"""Setting up an enterprise: filed by its representative, decided by the registrar."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from lingnan.kernel.duty.api import Clock, clocks
from lingnan.kernel.exchange.api import ExchangeFailure, Use, introduce, purpose, single
from lingnan.kernel.runtime.api import Action, Title, action, legal_time
from lingnan.kernel.trust.api import Actor, Body
from lingnan.systems.government.legal_persons import codes, telling
from lingnan.systems.government.legal_persons.holdings import YUAN, held, mark_of, outsider
from lingnan.systems.government.legal_persons.merging import FIRST_DAY
from lingnan.systems.government.legal_persons.models import (
    Branch,
    Enterprise,
    Filing,
    FormerIdentifier,
    Holding,
    ListEntry,
)
from lingnan.systems.government.legal_persons.rules.registration import (
    Contribution,
    Fault,
    faults,
    parameters,
    years_after,
)

CLOCK = clocks.named("enterprise_set_up", "企业设立登记", "Setting up an enterprise")
STANDING = "credit.standing"
PURPOSE = purpose("enterprise_set_up", Title("企业设立登记", "Setting up an enterprise"))
BASIS = "《企业信息公示暂行条例》（2014-08-07）第十七条第二款"
ELEMENTS = ("credit.serious_list",)
CLOCK_BASIS = "《市场主体登记管理条例》（2021-07-27）第十九条"


class Refused(Exception):
    """Not to be registered; `codes` say why, each a key of `wording.REASONS`."""

    def __init__(self, *codes: str) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


@dataclass(frozen=True)
class Holder:
    """A shareholder of a filing. `kind` as in Holding; amounts in yuan; `mark` as its holder."""

    mark: str
    kind: str
    name: str
    code: str
    subscribed: int
    paid: int


def holders_of(filing: Filing) -> list[Holder]:
    return [Holder(**one) for one in json.loads(filing.holders)]


def name_key(division: str, name: str) -> str:
    """What makes a name one name in a county: spaces and width do not tell names apart."""
    return f"{division}|{''.join(name.split()).upper()}"


def name_taken(division: str, name: str, but: str = "") -> bool:
    """Whether an enterprise or branch of the county exists under this name (条例 Art. 10)."""
    rows = Enterprise.objects.filter(ended=False).exclude(credit_code=but)
    if rows.filter(name_key=name_key(division, name)).exists():
        return True
    if rows.filter(division=division, name=name).exists():
        return True
    return Branch.objects.filter(division=division, name=name, ended=False).exists()


def named_holder(said: str, division: str) -> tuple[str, str, str, str]:
    """Mark, kind, name and code of a holder by a credit code or a name. Raises Refused."""
    code = said.replace(" ", "").upper()
    if len(code) != 18 or not code.isascii():
        return outsider(said, division), "outside", said, ""
    found = Enterprise.objects.filter(credit_code=code).first()
    if found is not None:
        if found.ended:
            raise Refused("holder_ended")
        return mark_of(code), "enterprise", found.name, code
    raise Refused("holder_branch" if _is_branch(code) else "holder_unknown")


def _is_branch(code: str) -> bool:
    return Branch.objects.filter(credit_code=code).exists()


def check(filing: Mapping[str, Any], holders: Sequence[Holder]) -> list[str]:
    """Why a filing cannot be registered as it stands; empty when it can."""
    said = [Contribution(one.mark, one.subscribed, one.paid) for one in holders]
    wrong: list[Fault | str] = list(faults(filing["capital"] * YUAN, said))
    if name_taken(filing["division"], filing["name"]):
        wrong.append("name_taken")
    gone = Enterprise.objects.filter(credit_code__in=[one.code for one in holders], ended=True)
    if gone.exists():
        wrong.append("holder_ended")
    return [str(one) for one in wrong]


def file(who: Actor, values: Mapping[str, Any], holders: Sequence[Holder]) -> Filing:
    """The representative applies; the registrar has three working days (条例 Art. 19).

    Raises Refused.
    """
    wrong = check(values, holders)
    if wrong:
        raise Refused(*wrong)
    body = Body.objects.get(function="market", division=values["division"], ended=False)
    with transaction.atomic(), action(by=who.signature, reason="企业设立申请") as act:
        made = act.create(
            Filing,
            number=f"SQ-{legal_time.today().year}-{secrets.token_hex(5).upper()}",
            applicant=introduce(who.subject, to="legal_persons"),
            applicant_name=who.name,
            holders=json.dumps([asdict(one) for one in holders], ensure_ascii=False),
            filed_on=legal_time.today(),
            **values,
        )
        days = parameters()["decision_working_days"]
        limit = {"unit": "working_day", "statutory": days, "promised": days}
        clocks.start(made.number, CLOCK, limit, CLOCK_BASIS, body=body.code, about=CLOCK)
    return made


def barred(person: str, case: str, who: Actor) -> str:
    """ "own" or "credit" where the representative may not be one, "unknown" where nobody says.

    企业信息公示暂行条例 Art. 17 (2), 市场主体登记管理条例 Art. 12 (4): who stood for a firm on the
    list of serious breaches, or answered for a revoked one, three years long.
    """
    today, known = legal_time.today(), parameters()
    for firm in Enterprise.objects.filter(agent=person):
        years = known["years_barred_by_revocation"]
        if firm.answerable and firm.revoked_on and today < years_after(firm.revoked_on, years):
            return "own"
        rows = ListEntry.objects.filter(company=firm.credit_code, list="serious", ended=False)
        for row in rows.exclude(entered_on=None):
            years = known["lists"]["years_barred"]
            if row.entered_on and today < years_after(row.entered_on, years):
                return "own"
    return _barred_by_credit(person, case, who)


def _barred_by_credit(person: str, case: str, who: Actor) -> str:
    consumer = Body.objects.filter(function="market", tier="province", ended=False).first()
    if consumer is None:
        return "unknown"
    try:
        subject = introduce(person, to=consumer.code, source="legal_persons")
        use = Use(
            resource=STANDING, consumer=consumer.code, purpose=PURPOSE, basis=BASIS,
            case=case, actor=who.signature, subjects=(subject,), elements=ELEMENTS,
        )  # fmt: skip
        rows = single(use)[0].rows
    except ExchangeFailure:
        return "unknown"
    return "credit" if any(row["values"][ELEMENTS[0]] == "yes" for row in rows) else ""


def grant(filing: Filing, who: Actor, checked: str) -> Enterprise:
    """Registered from today: code, capital, holdings. `checked` says how the representative was
    verified where the credit register does not answer.

    Raises Refused; Conflict or IntegrityError where somebody decides or takes the name at the
    same time; then nothing of it has happened.
    """
    holders = holders_of(filing)
    values = {"capital": filing.capital, "division": filing.division, "name": filing.name}
    wrong = check(values, holders)
    if filing.state != "filed":
        raise Refused("decided")
    bar = barred(filing.applicant, filing.number, who)
    if bar in ("own", "credit"):
        wrong.append("barred")
    if bar == "unknown" and not checked:
        wrong.append("unverified")
    if wrong:
        raise Refused(*wrong)
    code = codes.free_code(filing.number, codes.ENTERPRISE, filing.division)
    with transaction.atomic():
        with action(by=who.signature, reason=f"设立登记 {filing.number}") as act:
            company = _create(act, filing, code)
            for place, one in enumerate(holders, 1):
                _hold(act, company, one, place)
            words = f"信用核查：{checked}" if bar == "unknown" else ""
            act.change(
                filing, state="granted", company=code, decided_on=legal_time.today(), words=words
            )
            held(company)
        _stop(filing, who)
    title = Title("企业已登记成立", "Your enterprise is registered")
    telling.tell(
        filing.applicant, title, Title(f"{company.name} {code}", f"{company.name} {code}"),
        f"/enterprises/mine/{code}/",
    )  # fmt: skip
    return company


def refuse(filing: Filing, who: Actor, words: str) -> None:
    """Not registered, with reasons. Raises Refused, Conflict."""
    if filing.state != "filed":
        raise Refused("decided")
    with transaction.atomic():
        with action(by=who.signature, reason=words) as act:
            act.change(filing, state="refused", decided_on=legal_time.today(), words=words)
        _stop(filing, who)
    title = Title("企业设立申请不予登记", "Your enterprise is not registered")
    telling.tell(filing.applicant, title, Title(words, words), "/enterprises/mine/")


def _create(act: Action, filing: Filing, code: str) -> Enterprise:
    today = legal_time.today()
    company = act.create(
        Enterprise,
        credit_code=code,
        name=filing.name,
        name_key=name_key(filing.division, filing.name),
        representative=filing.applicant_name,
        agent=filing.applicant,
        capital=filing.capital,
        scope=filing.scope,
        premises=filing.premises,
        supervisors=filing.supervisors,
        division=filing.division,
        registered_on=today,
    )
    if today < FIRST_DAY:
        shared: dict[str, Any] = {"company": code, "division": filing.division}
        number = codes.free_number(filing.division)
        act.create(FormerIdentifier, kind="registration_number", value=number, **shared)
        act.create(FormerIdentifier, kind="organisation_code", value=code[8:17], **shared)
    return company


def _hold(act: Action, company: Enterprise, one: Holder, place: int) -> None:
    act.create(
        Holding,
        number=f"{company.credit_code}-{place:03d}",
        company=company.credit_code,
        holder=one.mark,
        kind=one.kind,
        holder_name=one.name,
        holder_code=one.code,
        subscribed=one.subscribed,
        paid=one.paid,
        division=company.division,
    )


def _stop(filing: Filing, who: Actor) -> None:
    clocks.stop(Clock.objects.get(reference=filing.number, code=CLOCK), who.signature)
