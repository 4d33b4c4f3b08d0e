"""What is written of a case: events, and the caches that lists read."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from lingnan.kernel.runtime.api import keys, legal_time
from lingnan.kernel.trust.api import SYSTEM, Actor, Body, Holding, node_evidence
from lingnan.systems.government.justice_network.models import (
    Case,
    CaseEvent,
    Measure,
    Package,
    Sight,
)
from lingnan.systems.government.justice_network.rules import sight, stages

CONTEXT = "justice_network.case"
CUSTODY = frozenset({"summons", "detention", "arrest"})


class NotPossible(Exception):
    """What was asked does not go now; `code` says why (see `views/wording.py`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Hand:
    """Who does something, and when it was done by legal time."""

    who: Actor
    at: datetime

    @classmethod
    def of(cls, who: Actor) -> "Hand":
        return cls(who, legal_time.now())

    @property
    def by(self) -> str:
        return (self.who.name if self.who is SYSTEM else self.who.signature)[:200]


def reference(case: Case) -> str:
    return keys.veil(case.key, CONTEXT)


def link(case: Case) -> str:
    return f"/desk/justice/{reference(case)}/"


def found(ref: str) -> Case | None:
    key = keys.unveil(ref, CONTEXT)
    return None if key is None else Case.objects.filter(key=key).first()


def stage_of(case: Case) -> str:
    last = CaseEvent.objects.filter(case=case).order_by("id").last()
    return last.stage if last is not None else stages.FIRST


@contextmanager
def locked(case: Case) -> Iterator[None]:
    """One act of a case at a time: whoever comes second finds what the first has done."""
    with transaction.atomic():
        Case.objects.select_for_update().get(key=case.key)
        yield


def done(case: Case) -> list[str]:
    """The kinds of its events, oldest first."""
    rows = CaseEvent.objects.filter(case=case).order_by("id")
    return list(rows.values_list("kind", flat=True))


def enter(
    case: Case, kind: str, stage: str, hand: Hand, text: str = "", told: Mapping[str, Any] = {}
) -> CaseEvent:
    """The event. It is in the evidence already: see `witness`."""
    return CaseEvent.objects.create(
        case=case, kind=kind, stage=stage, body=hand.who.body, account=hand.who.account,
        by=hand.by, text=text[:2000], told=dict(told), at=hand.at,
    )  # fmt: skip


def witness(kind: str, case: Case, hand: Hand, more: Mapping[str, Any] = {}) -> int:
    """Evidence before it is done. Raises EvidenceUnavailable: then nothing may be done.

    The person is not named as a subject: 《个人信息保护法》（2021-08-20）第三十五条 does not have
    people told of what would hinder a criminal procedure.
    """
    payload = {
        "body": hand.who.body,
        "role": hand.who.role,
        "actor": hand.by,
        "case": case.number,
        "legal_time": hand.at.isoformat(),
    }
    entry = node_evidence.entry(f"justice.{kind}", payload | dict(more), [], reference(case))
    return int(node_evidence.write([entry])[0].seq)


def handed(case: Case) -> list[sight.Handed]:
    """The packages of a case as the rules see them, in their order."""
    rows = Package.objects.filter(case=case).select_related("receipt").order_by("key")
    return [
        sight.Handed(one.sender, one.receiver, stages.acts()[one.act].back, _state(one))
        for one in rows
    ]


def _state(package: Package) -> str:
    receipt = getattr(package, "receipt", None)
    if receipt is None:
        return "sent"
    return "refused" if receipt.verdict == "refused" else "received"


def renew_sight(case: Case, at: datetime) -> None:
    """Work out anew how bodies stand to the case."""
    now = sight.standings(case.opened_by, handed(case))
    rows = {one.body: one for one in Sight.objects.filter(case=case)}
    for body in rows.keys() - now.keys():
        rows[body].delete()
    for body, standing in now.items():
        row = rows.get(body)
        if row is None:
            Sight.objects.create(case=case, body=body, standing=standing, since=at)
        elif row.standing != standing:
            row.standing, row.since = standing, at
            row.save()


def in_transit(case: Case) -> Package | None:
    """The package that nobody has received or refused yet."""
    rows = Package.objects.filter(case=case, receipt=None)
    return rows.order_by("key").last()


def open_kinds(case: Case) -> set[str]:
    """The measures that persons of the case are under now."""
    rows = Measure.objects.filter(suspect__case=case, end=None)
    return set(rows.values_list("kind", flat=True))


def in_custody(case: Case) -> bool:
    return bool(open_kinds(case) & CUSTODY)


def body_of(function: str, division: str) -> Body:
    """The body of a function at a division. Raises NotPossible where there is none."""
    rows = Body.objects.filter(function=function, division=division, ended=False)
    body = rows.order_by("key").first()
    if body is None:
        raise NotPossible("no_body")
    return body


def above(code: str) -> Body:
    """The body above one. Raises NotPossible where there is none."""
    parent = Body.objects.filter(code=code).values_list("parent", flat=True).first()
    body = Body.objects.filter(code=parent or "", ended=False).first()
    if body is None:
        raise NotPossible("no_body")
    return body


def officer_of(case: Case, body: str, role: str) -> int:
    """The account of who holds a post at a body and acted last in the case; 0 where nobody has."""
    rows = CaseEvent.objects.filter(case=case, body=body, account__in=holders(body, (role,)))
    return int(rows.order_by("-id").values_list("account", flat=True).first() or 0)


def holders(body: str, roles: Iterable[str]) -> list[int]:
    """The accounts that hold these posts at a body."""
    rows = Holding.objects.filter(body=body, role__in=list(roles), ended=False)
    return list(rows.order_by("key").values_list("account", flat=True))
