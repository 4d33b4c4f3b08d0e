"""Words and panels that several faces of credit share."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from lingnan.kernel.duty.api import tasks
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Actor
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.credit import objections
from lingnan.systems.government.credit.models import Listing, Objection, Repair
from lingnan.systems.government.credit.rules.repair import Condition

# What the parameters say where the law was not at hand.
UNVERIFIED = "平台默认值，未经核实"


def condition(code: str) -> str:
    return {
        "kind": _("The law lets this kind of event be repaired"),
        "shortest": _("It has been public for the shortest time"),
        "fulfilled": _("The duties of the decision are fulfilled"),
        "remedied": _("The harm is removed"),
        "no_relapse": _("No penalty for the same since"),
        "not_listed": _("On no list of abnormal operation or serious violations"),
        "source": _("The source agrees"),
        "gone": _("The event is still on record"),
    }[code]


def basis(text: str) -> str:
    """A citation as it stands; where there is none, that in the reader's words."""
    return _("a default of the platform, unverified") if text == UNVERIFIED else text


def conditions_panel(found: Sequence[Condition]) -> ui.Panel:
    items = [
        ui.Item(
            condition(one.code),
            ui.Chip("ok", _("met")) if one.met else ui.Chip("late", _("not met")),
            basis(one.basis),
        )
        for one in found
    ]
    note = _("What you state yourself is checked in the papers.")
    return ui.Panel(_("Conditions of a repair"), items, note)


def objection_chip(one: Objection) -> ui.Chip:
    if one.answered_on is None:
        if objections.is_late(one):
            return ui.Chip("late", _("Overdue"))
        return ui.Chip("info", _("Being handled"))
    said = str(one.get_outcome_display())
    return ui.Chip("warn" if objections.is_late(one) else "ok", said)


def repair_chip(one: Repair) -> ui.Chip:
    if one.state == "granted":
        return ui.Chip("ok", str(one.get_state_display()))
    if one.state == "refused":
        return ui.Chip("late", str(one.get_state_display()))
    return ui.Chip("info", str(one.get_state_display()))


def listing_panel(row: Listing) -> ui.Panel:
    entered = row.entered_on
    items = [
        ui.Item(_("State"), str(row.get_state_display())),
        ui.Item(_("Reason"), row.why),
        ui.Item(_("May be heard until"), ui.legal_date(row.heard_until)),
        ui.Item(_("Entered on"), ui.legal_date(entered) if entered else "—"),
    ]
    items.insert(0, ui.Item(_("About"), ui.Cell(row.name, row.credit_code)))
    return ui.Panel(str(row.get_list_display()), items)


def proceedings(person: str) -> ui.Table:
    """What somebody has asked of the register, newest first."""
    columns = [
        ui.Column("what", _("Proceeding")),
        ui.Column("on", _("Begun on")),
        ui.Column("state", _("State")),
    ]
    rows: list[dict[str, ui.CellLike]] = [
        {
            "what": ui.Cell(_("Objection"), one.event),
            "on": ui.legal_date(one.raised_on),
            "state": ui.Cell(objection_chip(one), one.answer or _due(one)),
        }
        for one in Objection.objects.filter(person=person).order_by("-key")[:25]
    ]
    rows += [
        {
            "what": ui.Cell(_("Repair"), one.event),
            "on": ui.legal_date(one.applied_on),
            "state": ui.Cell(repair_chip(one), one.decided_because),
        }
        for one in Repair.objects.filter(person=person).order_by("-key")[:25]
    ]
    empty = ui.Empty(_("Nothing is under way"))
    return ui.Table(columns, rows, _("Objections and repairs"), empty, caption_hidden=True)


def _due(one: Objection) -> str:
    return _("answered by %(day)s") % {"day": ui.legal_date(one.due_on)}


def tasks_of(who: Actor) -> ui.Table:
    """What waits for the post here: the desk's own list is for handlers of cases alone."""
    rows = tasks.open_for(who.body, who.role).filter(code__startswith="credit_")[:50]
    columns = [
        ui.Column("task", _("To do")),
        ui.Column("about", _("About")),
        ui.Column("due", _("Last day")),
    ]
    lines: list[dict[str, ui.CellLike]] = [
        {
            "task": ui.Cell(ui.Link(one.link, str(one.title), one.reference), one.reference),
            "about": one.about,
            "due": _last_day(one.red_on),
        }
        for one in rows
    ]
    empty = ui.Empty(_("Nothing waits"))
    return ui.Table(columns, lines, _("To do"), empty, caption_hidden=True)


def _last_day(red_on: date | None) -> ui.CellLike:
    if red_on is None:
        return "—"
    late = red_on <= legal_time.today()
    chip = ui.Chip("late", _("Overdue")) if late else ui.Chip("info", _("Being handled"))
    return ui.Cell(chip, ui.legal_date(red_on - timedelta(days=1)))
