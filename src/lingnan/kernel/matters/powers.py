"""Powers by which somebody acts in a case for another: their signed text, and verifying one."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lingnan.kernel.matters.models import Case
from lingnan.kernel.trust.api import Actor, acting
from lingnan.kernel.ui import api as ui

showing = acting.showing


def of_case(case: Case) -> ui.Panel | None:
    """By which powers acts were done here; None where the applicant alone did them."""
    # A signature names both where somebody acts for another: the evidence is asked only then.
    if not case.events.filter(by__contains=" for ").exists():
        return None
    items = [_item(case, one) for one in showing.used_in(case.number)]
    note = _("Who downloads the text is seen by both whom it names. Verify it on the page where"
             " certificates are verified.")  # fmt: skip
    return ui.Panel(_("Filed by somebody else for the applicant"), items, note) if items else None


def _item(case: Case, power: acting.Power) -> ui.Item:
    said = _("%(agent)s for %(name)s") % {"agent": power.agent_name, "name": power.name}
    basis = str(acting.words.BASES[power.basis])
    if not power.document or not showing.can_be_shown(power):
        return ui.Item(said, basis, power.number)
    link = ui.Link(f"/desk/cases/{case.number}/powers/{power.number}/", _("The signed text"))
    return ui.Item(said, ui.Cell(link, basis), power.number)


def file_for(case: Case, number: str, who: Actor) -> bytes | None:
    """The signed text of a power that was used in the case; None for any other."""
    power = next((one for one in showing.used_in(case.number) if one.number == number), None)
    if power is None or not power.document:
        return None
    try:
        return showing.shown_to(power, who, case.number)
    except KeyError:
        return None


def notice(found: showing.Verified) -> ui.Notice:
    """What is known of a power that somebody was shown."""
    if not found.found.genuine:
        return ui.Notice("late", _("This power is not genuine"), _why(found))
    if not found.over:
        text = _("It was signed as shown below, accepted, and nobody has ended it.")
        return ui.Notice("ok", _("This power is genuine and stands now"), text)
    text = _("It was signed as shown below. Nothing may be done by it now.")
    return ui.Notice("warn", _("This power is genuine, but does not stand now"), text)


def _why(found: showing.Verified) -> str:
    if not found.changed:
        return _("Do not rely on it. See below which check does not hold.")
    names = ui.listed(part(name) for name in found.changed)
    return _("It was changed since it was signed here: %(parts)s. Do not rely on it.") % {
        "parts": names
    }


def part(name: str) -> str:
    """A part of the file in the reader's words."""
    return {
        "signature": _("the signature"),
        "chain": _("the certificates"),
        "document": _("the text"),
        "number": pgettext("power", "Number"),
        "name": _("For whom"),
        "code": _("For whom"),
        "agent_name": _("Who acts"),
        "agent_login": _("Who acts"),
        "scope": _("For which things"),
        "last": _("Last day (included)"),
        "given_at": _("Given at"),
    }.get(name, name)


def panel(found: showing.Verified) -> ui.Panel | None:
    """What a genuine power says, and how it stands."""
    said = found.found.said
    if said is None or found.power is None:
        return None
    power = found.power
    items = [
        ui.Item(_("State"), acting.words.state(found.over)),
        ui.Item(_("For whom"), power.name, power.code),
        ui.Item(_("Who acts"), power.agent_name),
        ui.Item(_("For which things"), acting.words.scope(said["scope"], power.principal_kind)),
        ui.Item(_("Given at"), ui.legal_datetime(power.offered_at)),
        ui.Item(_("Last day (included)"), ui.legal_date(power.last)),
        ui.Item(pgettext("power", "Number"), power.number),
    ]
    return ui.Panel(pgettext("power", "The power"), items)
