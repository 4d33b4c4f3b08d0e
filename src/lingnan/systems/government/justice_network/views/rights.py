"""Who may come to which page; what of a case they see there says `sights`."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest

from lingnan.kernel.trust.api import actor, official
from lingnan.systems.government.justice_network import ledger, sights
from lingnan.systems.government.justice_network.ledger import Hand
from lingnan.systems.government.justice_network.sights import Seen

FUNCTIONS = ("police", "procuratorate", "court", "justice", "prison")
OFFICIALS = official(
    "investigator", "prosecutor", "custody_prosecutor", "judge", "correction_officer",
    "prison_officer", "head", functions=FUNCTIONS,
)  # fmt: skip
SUPERVISORS = official("prosecutor", "custody_prosecutor", "head", functions=("procuratorate",))
OPENERS = official("investigator", functions=("police",))
BASIS: Mapping[str, str] = {
    "police": "《刑事诉讼法》（2018-10-26）第三条、第一百一十五条",
    "procuratorate": "《刑事诉讼法》（2018-10-26）第三条、第八条",
    "court": "《刑事诉讼法》（2018-10-26）第三条",
    "justice": "《刑事诉讼法》（2018-10-26）第二百六十九条",
    "prison": "《刑事诉讼法》（2018-10-26）第二百六十四条",
}


def opened(request: HttpRequest, ref: str, kind: str, **more: Any) -> tuple[Seen, Hand]:
    """The case as the reader may see it; the opening is in the evidence first.

    404 to whom the case does not stand open. Raises EvidenceUnavailable.
    """
    hand = Hand.of(actor(request))
    case = ledger.found(ref)
    seen = sights.seen(case, hand.who) if case is not None else None
    if case is None or seen is None or not seen.parts:
        raise Http404
    if request.method != "POST":
        told = {"basis": BASIS[hand.who.function], "standing": seen.standing}
        ledger.witness(f"{kind}_opened", case, hand, told | {"parts": sorted(seen.parts)} | more)
    return seen, hand
