"""Cancelling the registration of an enterprise, with what follows for holdings."""

from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust.api import Actor
from lingnan.systems.government.legal_persons.models import Enterprise, Holding


def cancel(company: Enterprise, who: Actor, reference: str) -> int:
    """From today the enterprise is no more (市场主体登记管理条例 (2021-07-27) Art. 31).

    What was held of it ends with it; returns how many holdings. What it holds of others stands
    until it is transferred, and shows that the holder is gone: no rule was found by which it
    would pass to somebody by itself. All or nothing; raises Conflict.
    """
    rows = list(Holding.objects.filter(company=company.credit_code, ended=False))
    with action(by=who.signature, reason=f"注销登记 {reference}") as act:
        for row in rows:
            act.end(row)
        act.end(company)
    return len(rows)
