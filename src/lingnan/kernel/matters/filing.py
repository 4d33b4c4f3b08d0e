"""What an application says to its body: number, line for lists, papers and reads as filed."""

from typing import Any

from lingnan.kernel.matters.definition import Matter
from lingnan.kernel.matters.models import Application, Case, NumberSeries
from lingnan.kernel.runtime.api import legal_time

FILINGS = ("received", "corrected", "supplemented")


def about(matter: Matter, values: dict[str, Any]) -> str:
    """What the applicant declared to this body, in one line for its lists."""
    names = matter.content["matter"].get("about", [])
    return " · ".join(str(values[name]) for name in names if values.get(name))[:200]


def materials(application: Application) -> list[dict[str, Any]]:
    """The materials as filed: what a decision rests on is named by hash."""
    rows = application.attachments.order_by("material")
    return [{"material": a.material, "name": a.name, "sha256": a.sha256} for a in rows]


def filed_materials(case: Case) -> list[dict[str, Any]]:
    """The materials of the newest filing."""
    filed = case.events.filter(kind__in=FILINGS).order_by("-number").first()
    return list(filed.data.get("materials", [])) if filed else []


def cited(application: Application) -> list[dict[str, Any]]:
    return [
        {
            "resource": read["resource"],
            "state": read["state"],
            "evidence": read["evidence"],
            "records": [f"{row['record']}@{row['version']}" for row in read["rows"]],
        }
        for read in application.reads
    ]


def next_number(division: str, mark: str = "") -> str:
    """The next number of a division in this year; `mark` names another series of it."""
    year = legal_time.today().year
    series, _ = NumberSeries.objects.get_or_create(
        division=division + mark, year=year, defaults={"last": 0}
    )
    series = NumberSeries.objects.select_for_update().get(pk=series.pk)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{division}-{year % 100:02d}-{mark}{series.last:06d}"
