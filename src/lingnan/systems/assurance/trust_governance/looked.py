"""What this system adds to the lines of “Who looked at my data”: found by name by the portal."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lingnan.kernel.trust.api import Actor
from lingnan.kernel.ui import api as ui
from lingnan.systems.assurance.trust_governance import objections
from lingnan.systems.assurance.trust_governance.models import FindingHit
from lingnan.systems.assurance.trust_governance.views import words


def unusual(entries: Sequence[Any]) -> set[int]:
    """The numbers of the entries on which a finding rests."""
    seqs = [one.seq for one in entries]
    return set(FindingHit.objects.filter(seq__in=seqs).values_list("seq", flat=True))


def marks(who: Actor, entries: Sequence[Any], firm: str) -> Mapping[int, tuple[ui.Piece, ...]]:
    """By entry: how the objection stands, or the button that raises one; and what was unusual."""
    raised = objections.of_concern(who, firm, [one.seq for one in entries])
    odd, may = unusual(entries), objections.may_raise(who)
    found: dict[int, tuple[ui.Piece, ...]] = {}
    for one in entries:
        pieces: list[ui.Piece] = []
        if one.seq in odd:
            pieces.append(ui.Chip("warn", _("unusual")))
        if one.seq in raised:
            objection, done = raised[one.seq]
            pieces.append(words.objection_chip(done))
            pieces.append(ui.Link(objections.link(objection), _("See"), str(one.seq)))
        elif may and objections.body_to_answer(one):
            values = {"entry": str(one.seq)} | ({"firm": firm} if firm else {})
            url = reverse("objection-raise")
            pieces.append(ui.Act(url, _("I object"), values, str(one.seq)))
        found[one.seq] = tuple(pieces)
    return found
