"""Refusals and standings of the register in words."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lingnan.kernel.ui import api as ui
from lingnan.systems.government.population.acts import deaths
from lingnan.systems.government.population.models import LifeEvent, Resident


def refusal(code: str) -> str:
    """What stands in the way of an act."""
    return {
        "future": _("A day in the future cannot be entered."),
        "dead": _("The record has ended. A death entered in error is undone first."),
        "not_dead": _("This record has not ended by a death."),
        "earlier_than_last": _("On that day they were not in this household yet."),
        "no_household": _("There is no such household in your county, or it has ended."),
        "household_later": _("The household was founded after that day."),
        "already_there": _("They are in this household already."),
        "nobody_left": _("Somebody has to stay: a whole household moves, it is not split."),
        "not_one_household": _("The new head has to be one of those who leave."),
        "moved_meanwhile": _("They have moved meanwhile. Please look again."),
        "no_certificate": _("Please give the number of the birth certificate."),
        "certificate_used": _("A birth has been entered with this certificate already."),
        "not_the_parent": _("The parent has to be a member and older than the child."),
        "no_parent": _("The register does not name this person as a parent."),
        "paper_out": _("A migration paper that is still valid has been issued already."),
        "no_paper": _("There is no valid migration paper with this number."),
        "number_taken": _("This number is, or was, somebody else's."),
        "bad_number": _("This is no resident number: its form, date or check digit is wrong."),
        "no_change": _("This is what the register says already."),
        "proposed_already": _("Such a change waits for its decision already."),
        "decided_already": _("It has been decided already."),
        "same_person": _("Who proposed does not decide."),
        "until_before": _("The address is right again only after it was wrong."),
        "other_county": _("This address lies in another county. Who lives there moves there."),
        "use_head": _("A head is appointed, with what the others are to it."),
        "registered_here": _("They are registered in this county: nothing is to be registered."),
        "residence_open": _("Their residence is registered already."),
        "no_residence": _("No residence is registered that this could follow."),
        "permit_there": _("A permit has been asked for or handed out already."),
        "no_permit": _("There is no permit."),
        "endorse_later": _("It is endorsed in the month before its year is full."),
    }.get(code, _("It was changed meanwhile. Please send it once more."))


def standing(one: Resident) -> ui.Chip:
    """Whether a resident's record holds."""
    why = deaths.ended_by(one)
    if not why:
        return ui.Chip("ok", _("Registered"))
    return ui.Chip("soft", _("Deceased") if why == "death" else _("Moved out"))


def events(rows: list[LifeEvent]) -> ui.Table:
    columns = [
        ui.Column("kind", _("Kind of entry")),
        ui.Column("on", _("Happened on")),
        ui.Column("entered", _("Day of entry")),
    ]
    lines: list[dict[str, ui.CellLike]] = [
        {
            "kind": ui.Cell(str(row.get_kind_display()), row.number),
            "on": ui.legal_date(row.happened_on),
            "entered": ui.Cell(ui.Chip("warn", _("Told late")), ui.legal_date(row.registered_on))
            if row.late
            else ui.legal_date(row.registered_on),
        }
        for row in rows
    ]
    empty = ui.Empty(_("Nothing has been entered"))
    return ui.Table(
        columns, lines, pgettext("household registration", "Entries"), empty, caption_hidden=True
    )
