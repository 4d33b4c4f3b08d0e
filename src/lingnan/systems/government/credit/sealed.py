"""Credit reports, for who adds time-stamps to them: they last."""

from lingnan.systems.government.credit.models import Report

LASTS = True


def read(reference: str) -> bytes | None:
    """The report of this number as it was sealed."""
    found = Report.objects.filter(number=reference).first()
    return bytes(found.pdf) if found else None


def references(after: str, most: int) -> list[str]:
    """All that there are, in their order, those behind `after` first."""
    rows = Report.objects.filter(number__gt=after).order_by("number")
    return list(rows.values_list("number", flat=True)[:most])
