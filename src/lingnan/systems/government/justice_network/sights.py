"""Who may see what of a case now: the table of `rules/sight.py`, asked for a post."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from lingnan.kernel.trust.api import Actor, Body
from lingnan.systems.government.justice_network import ledger, manifests
from lingnan.systems.government.justice_network.models import (
    Case,
    CaseEvent,
    Document,
    Evidence,
    Measure,
    Package,
    Sight,
    Suspect,
    Term,
    TermEvent,
)
from lingnan.systems.government.justice_network.rules import sight

EXECUTING = ("justice", "prison")


@dataclass(frozen=True)
class Seen:
    """What a post sees: the parts of the file, and its body's standing."""

    case: Case
    body: str
    function: str
    standing: str
    parts: frozenset[str]

    def __contains__(self, part: str) -> bool:
        return part in self.parts


def function_of(who: Actor) -> str:
    return who.function


def standing(case: Case, body: str) -> str:
    """How a body stands to the case; "none" where it has nothing to do with it."""
    row = Sight.objects.filter(case=case, body=body).first()
    return row.standing if row is not None else "none"


def seen(case: Case, who: Actor) -> Seen:
    """All that a post may see of a case; nothing where the table does not say so."""
    own = standing(case, who.body)
    parts: set[str] = set(sight.parts(who.function, who.role, own))
    if _approving(case, who.body):
        parts |= sight.parts(who.function, who.role, "approving")
    if _supervising(case, who):
        parts |= sight.parts(who.function, who.role, "supervising")
    return Seen(case, who.body, who.function, own, frozenset(parts))


def _approving(case: Case, body: str) -> bool:
    asked = TermEvent.objects.filter(term__case=case, kind="asked", body=body)
    return any(
        not one.term.events.filter(kind__in=("granted", "refused"), id__gt=one.id).exists()
        for one in asked
    )


def _supervising(case: Case, who: Actor) -> bool:
    """Art. 8: the procuratorate of the division, of whoever is or was deprived of freedom."""
    if who.function != "procuratorate" or who.division != case.division:
        return False
    return Measure.objects.filter(suspect__case=case, kind__in=ledger.CUSTODY).exists()


def cases_of(who: Actor) -> QuerySet[Sight]:
    """The cases that stand before a post's body, those with it first."""
    roles = {key[2] for key in sight.table() if key[:2] == (who.function, who.role)}
    rows = Sight.objects.filter(body=who.body, standing__in=roles)
    return rows.select_related("case").order_by("-since", "-id")


def persons(found: Seen) -> list[Suspect]:
    """The persons that are seen: all, or those alone who were delivered to this body."""
    if "persons" not in found and "measures" not in found:
        return []
    rows = found.case.suspects.order_by("key")
    if found.function in EXECUTING:
        known = set(manifests.numbers_handed_persons(found.case, found.body))
        return [one for one in rows if one.number in known]
    return list(rows)


def clocks(found: Seen, terms: Iterable[Term]) -> list[Term]:
    """The clocks that are seen: of the persons seen; of who executes a judgment the own ones."""
    if "measures" in found:
        people = persons(found)
        return [one for one in terms if one.suspect in (None, *people)]
    return [one for one in terms if "execution" in found and one.body == found.body]


def documents(found: Seen) -> list[Document]:
    known = set(manifests.numbers_handed(found.case, found.body, "documents"))
    rows: Iterable[Document] = Document.objects.filter(case=found.case).order_by("key")
    return [
        one
        for one in rows
        if sight.sees(one.volume, found.parts, one.body == found.body,
                      one.number in known or found.body in one.served)
    ]  # fmt: skip


def evidence(found: Seen) -> list[Evidence]:
    if "file" not in found:
        return []
    known = set(manifests.numbers_handed(found.case, found.body, "items"))
    rows = Evidence.objects.filter(case=found.case).order_by("key")
    return [one for one in rows if one.body == found.body or one.number in known]


def packages(found: Seen) -> list[Package]:
    """The packages that the body sent or was sent, if it may know of them."""
    rows = Package.objects.filter(case=found.case).select_related("receipt").order_by("key")
    own = [one for one in rows if found.body in (one.sender, one.receiver)]
    if "history" in found or found.function in EXECUTING:
        return own
    return [one for one in own if "list" in found and not hasattr(one, "receipt")]


def events(found: Seen) -> list[CaseEvent]:
    """What the body did, and what others handed to it or took from it; the newest first."""
    if "history" not in found:
        return []
    own = {one.number for one in packages(found)}
    rows = CaseEvent.objects.filter(case=found.case).order_by("-id")
    return [one for one in rows if one.body == found.body or one.told.get("package") in own]


def bodies(codes: Iterable[str]) -> dict[str, Body]:
    return {one.code: one for one in Body.objects.filter(code__in=set(codes))}
