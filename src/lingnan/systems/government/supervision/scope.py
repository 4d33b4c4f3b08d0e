"""Whom a supervisor or leader sees: the bodies of the own division and of those below it."""

from dataclasses import dataclass

from django.db.models import QuerySet

from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Access, Actor, Body, official

SEES: Access = official("supervisor", "leader", functions=("supervision",))
WRITES: Access = official("supervisor", functions=("supervision",))
PROVINCE = "440000"


def reach(division: str) -> str:
    """What the codes of a division and of those below it begin with."""
    if division.endswith("0000"):
        return division[:2]
    return division[:4] if division.endswith("00") else division


@dataclass(frozen=True)
class Known:
    """A body as lists name it; an ended one keeps its name and its cards."""

    code: str
    title: Title
    division: str


def _rows(division: str) -> QuerySet[Body]:
    return Body.objects.filter(division__startswith=reach(division)).order_by("code")


def bodies(division: str) -> dict[str, Known]:
    """Every body within a division, by code; with one query."""
    rows = _rows(division).values_list("code", "name_zh", "name_en", "division")
    return {code: Known(code, Title(zh, en), place) for code, zh, en, place in rows}


def covers(actor: Actor, body: str) -> bool:
    """Whether a supervisor's division holds the body."""
    if not SEES.permits(actor) or not actor.division:
        return False
    return _rows(actor.division).filter(code=body).exists()


def narrowed(actor: Actor, wanted: str) -> str:
    """The division that is asked for where it lies within the own one, else the own."""
    inside = len(wanted) == 6 and wanted.isdigit() and wanted.startswith(reach(actor.division))
    return wanted if inside else actor.division


def level(division: str) -> str:
    """province, city or county by its code; 东莞 and 中山 are cities."""
    if division.endswith("0000"):
        return "province"
    return "city" if division.endswith("00") else "county"
