"""The certificates of matters, for who adds time-stamps to them: they last."""

from lingnan.kernel.content import files
from lingnan.kernel.matters.models import Certificate

LASTS = True


def read(reference: str) -> bytes | None:
    """The file of this SHA-256 as it was sealed."""
    try:
        return files.read(reference)
    except OSError:
        return None


def references(after: str, most: int) -> list[str]:
    """All that there are, in their order, those behind `after` first."""
    rows = Certificate.objects.filter(sha256__gt=after).order_by("sha256")
    return list(rows.values_list("sha256", flat=True)[:most])
