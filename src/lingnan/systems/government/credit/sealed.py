"""Credit reports, for who adds time-stamps to them: they last."""

from lingnan.systems.government.credit.models import Report

LASTS = True


def read(reference: str) -> bytes | None:
    """The report of this number as it was sealed."""
    found = Report.objects.filter(number=reference).first()
    return bytes(found.pdf) if found else None
