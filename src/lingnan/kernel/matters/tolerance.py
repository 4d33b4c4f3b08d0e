"""容缺受理: a secondary material may follow after acceptance, promised in writing.

A matter says which material, and within how many days; what follows is told once, with its day.
A grant waits for what was promised.
"""

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from lingnan.kernel.content import files
from lingnan.kernel.duty.api import calendars
from lingnan.kernel.matters import events, notices
from lingnan.kernel.matters.definition import Material, matter_of
from lingnan.kernel.matters.models import Attachment, Case, locked
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Actor
from lingnan.standards.working_days import CalendarNotAnnounced

WAITING = ("in_review", "suspended")


def promised(case: Case) -> list[str]:
    """The codes of the materials that the newest filing promised."""
    filed = case.events.filter(kind__in=("received", "corrected")).order_by("-number").first()
    return list(filed.data.get("promised", [])) if filed else []


def outstanding(case: Case) -> list[Material]:
    """What was promised and has not been handed in."""
    codes = set(promised(case))
    if not codes:
        return []
    codes -= set(case.application.attachments.values_list("material", flat=True))
    return [m for m in matter_of(case.definition).materials if m.code in codes]


def accepted(case: Case) -> dict[str, Any]:
    """What an acceptance says of materials that are to follow: each with its last day."""
    found = [(material, _until(material)) for material in outstanding(case)]
    rows = [
        {
            "material": material.code,
            "until": until.isoformat() if until else "",
            "basis": (material.tolerance or {})["basis"],
        }
        for material, until in found
    ]
    if rows:
        notices.tolerated(case, [(material.title, until) for material, until in found])
    return {"tolerated": rows} if rows else {}


def _until(material: Material) -> date | None:
    """The last day; None while no calendar is announced for it."""
    rule = material.tolerance or {}
    today = legal_time.today()
    if rule.get("unit") == "calendar_day":
        return today + timedelta(days=int(rule["days"]))
    try:
        return calendars.calendar().add_working_days(today, int(rule["days"]))
    except CalendarNotAnnounced:
        return None


def due(case: Case) -> dict[str, date]:
    """The last day for each material that was tolerated, by its code."""
    event = case.events.filter(kind__in=("accepted", "deemed_accepted")).last()
    rows = event.data.get("tolerated", []) if event else []
    return {row["material"]: date.fromisoformat(row["until"]) for row in rows if row["until"]}


def supplement(number: str, actor: Actor, material: str, upload: files.Upload) -> Case:
    """The applicant hands in what was promised. Raises FileRefused, LookupError, OutOfOrder."""
    stored = files.keep_upload(upload)
    with transaction.atomic():
        case = locked(number)
        if case.account != actor.account or material not in {m.code for m in outstanding(case)}:
            raise LookupError(material)
        events.check(case, "supplemented")
        Attachment.objects.create(
            application=case.application,
            material=material,
            name=upload.name[-120:],
            sha256=stored.sha256,
            size=stored.size,
        )
        rows = case.application.attachments.order_by("material")
        filed = [{"material": a.material, "name": a.name, "sha256": a.sha256} for a in rows]
        events.append(case, "supplemented", actor, {"materials": filed, "material": material})
        return case
