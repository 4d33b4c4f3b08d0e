"""The message of a quarter: how often somebody's data was used, and by whom.

On the first working day of a quarter, and if the node slept then on the first day it runs,
everybody with an account whose data was used since the last message gets one, and one for each
firm they answer for. It covers the
entries between two numbers of the evidence, so that nothing falls between two messages whatever
clock they stand in.
"""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from lingnan.kernel.duty.api import messages
from lingnan.kernel.exchange.api import Organisation, UnknownSubject, answered_for, looked
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.trust.api import Account, Body, EvidenceUnavailable, node_evidence
from lingnan.systems.assurance.trust_governance import accesses
from lingnan.systems.assurance.trust_governance.models import DigestRound

BATCH, PAGE, NAMED = 200, 500, 5
SUBJECT = Title("上季度谁用过您的数据", "Who used your data last quarter")
OF_FIRM = Title("上季度谁用过您企业的数据", "Who used your firm's data last quarter")


class _Overtaken(Exception):
    """Another process has told these accounts meanwhile."""


def send_due() -> int:
    """Tell everybody who has not been told of the last quarter yet; returns how many now."""
    with legal_time.hold():
        round_ = _round()
        done = 0
        while round_ is not None and not round_.finished:
            try:
                done += _tell_some(round_)
            except _Overtaken:
                return done
            round_.refresh_from_db()
        return done


def quarter_before(day: date) -> str:
    """2026-04-01 → 2026-Q1."""
    year, number = day.year, (day.month - 1) // 3
    return f"{year}-Q{number}" if number else f"{year - 1}-Q4"


def first_working_day(day: date) -> date:
    """Of the day's quarter; where no calendar is announced, its first day from Monday to Friday."""
    found = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    while True:
        works = accesses.working(found)
        if works or (works is None and found.weekday() < 5):
            return found
        found += timedelta(days=1)


def _round() -> DigestRound | None:
    """The round that is due: begun once for a quarter, from where the last one ended."""
    today = legal_time.today()
    if today < first_working_day(today):
        return None
    quarter = quarter_before(today)
    known = DigestRound.objects.filter(quarter=quarter).first()
    if known is not None:
        return None if known.finished else known
    try:
        size = node_evidence.reader().size()
    except EvidenceUnavailable:
        return None
    last = DigestRound.objects.order_by("-up_to").values_list("up_to", flat=True).first() or 0
    made, _new = DigestRound.objects.get_or_create(
        quarter=quarter, defaults={"after": last, "up_to": max(size, last)}
    )
    return None if made.finished else made


def _tell_some(round_: DigestRound) -> int:
    """One batch of accounts, with how far it has come, in one transaction. Raises _Overtaken."""
    rows = Account.objects.filter(kind="resident", is_active=True, key__gt=round_.done)
    accounts = list(rows.exclude(subject="").order_by("key")[:BATCH])
    counted = [(one, firm, _uses(firm, round_)) for one in accounts for firm in _whose(one)]
    names = _names({body for _account, _firm, uses in counted for body in uses})
    letters = [_letter(one.key, firm, uses, names) for one, firm, uses in counted if uses]
    with transaction.atomic():
        step: dict[str, Any] = {"finished": True}
        if accounts:
            step = {"done": accounts[-1].key, "told": F("told") + len(letters)}
        held = DigestRound.objects.filter(pk=round_.pk, done=round_.done, finished=False)
        if held.update(**step) != 1:
            raise _Overtaken
        messages.send_all(letters)
    return len(letters)


def _whose(account: Account) -> list[Organisation | str]:
    """The person themself, by what trust calls them, and each firm they answer for."""
    try:
        return [account.subject, *answered_for(account.subject)]
    except UnknownSubject:
        return [account.subject]


def _uses(whose: Organisation | str, round_: DigestRound) -> Counter[str]:
    """How often each body used the data of somebody or a firm within the round's entries."""
    subject = whose if isinstance(whose, str) else whose.subject
    kind = "person" if isinstance(whose, str) else "organisation"
    found: Counter[str] = Counter()
    before = round_.up_to + 1
    while True:
        try:
            entries = looked(subject, before, PAGE, kind=kind)
        except UnknownSubject:
            return found
        for entry in entries:
            body = accesses.body_of(entry.payload or {})
            if entry.seq <= round_.after:
                return found
            if body:
                found[body] += 1
        if len(entries) < PAGE:
            return found
        before = entries[-1].seq


def _names(codes: set[str]) -> dict[str, Title]:
    return {body.code: body.title for body in Body.objects.filter(code__in=codes)}


def _letter(
    account: int, whose: Organisation | str, uses: Counter[str], names: dict[str, Title]
) -> tuple[int, Title, Title, str]:
    total, first = sum(uses.values()), uses.most_common(NAMED)
    rest = len(uses) - len(first)
    zh = "、".join(f"{names.get(b, Title(b, b)).zh}（{n}次）" for b, n in first)
    en = ", ".join(f"{names.get(b, Title(b, b)).en} ({n})" for b, n in first)
    if rest:
        zh, en = f"{zh}，另有{rest}个机关", f"{en} and {rest} more"
    told = Title("您的数据", "your data"), "/looked/"
    if not isinstance(whose, str):
        told = (
            Title(f"“{whose.name}”的数据", f"the data of “{whose.name}”"),
            (f"/looked/?firm={whose.code}"),
        )
    of, link = told
    text = Title(
        f"自上次告知以来，{of.zh}被使用{total}次：{zh}。逐条情况和提出异议，请点击查看。",
        f"Since the last message {of.en} was used {total} times: {en}. See each use, and object.",
    )
    return account, SUBJECT if isinstance(whose, str) else OF_FIRM, text, link
