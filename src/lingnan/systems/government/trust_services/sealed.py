"""Minutes of ceremonies, for who adds time-stamps to them: they last."""

from lingnan.kernel.runtime.api import Title
from lingnan.systems.government.trust_services.models import CeremonyMinutes

LASTS = True


def read(reference: str) -> bytes | None:
    """The minutes of the ceremony of this number as they were sealed."""
    found = CeremonyMinutes.objects.filter(number=reference).first()
    return bytes(found.pdf) if found else None


def references(after: str, most: int) -> list[str]:
    """All that there are, in their order, those behind `after` first."""
    rows = CeremonyMinutes.objects.filter(number__gt=after).order_by("number")
    return list(rows.values_list("number", flat=True)[:most])


def described(reference: str) -> Title:
    """What it is, for whoever holds the file."""
    return Title(f"密钥仪式记录 {reference}", f"Minutes of the key ceremony {reference}")
