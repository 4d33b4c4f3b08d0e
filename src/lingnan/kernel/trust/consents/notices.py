"""Who hears that an agreement has changed: whoever consented, and whoever wishes to.

《个人信息保护法》（2021-08-20）第十七条第二款: what changed in who reads what for which purpose
is told to whoever consented, whatever they have switched off.
"""

from collections.abc import Collection

from lingnan.kernel.runtime import legal_time
from lingnan.kernel.trust.models import Consent, ConsentNotice


def choose(giver: str, agreement: str, wanted: bool) -> None:
    """Switch the notices of one agreement on or off."""
    ConsentNotice.objects.update_or_create(
        giver=giver, agreement=agreement, defaults={"wanted": wanted}
    )


def wanted_by(giver: str) -> dict[str, bool]:
    """What somebody has chosen, by agreement."""
    rows = ConsentNotice.objects.filter(giver=giver)
    return dict(rows.values_list("agreement", "wanted"))


def consented(agreement: str) -> set[str]:
    """Who has a consent under an agreement that is not revoked and has not ended."""
    rows = Consent.objects.filter(
        agreement=agreement, revoked_at=None, ended=False, valid_until__gte=legal_time.today()
    )
    return set(rows.values_list("giver", flat=True))


def hearing(agreement: str, must: bool) -> Collection[str]:
    """Who is to hear of a change. `must`: of one that the law wants told to who consented."""
    chosen = dict(ConsentNotice.objects.filter(agreement=agreement).values_list("giver", "wanted"))
    bound = consented(agreement)
    if not must:
        bound = {giver for giver in bound if chosen.get(giver, True)}
    return bound | {giver for giver, wanted in chosen.items() if wanted}
