"""States of firms and of what is filed about them, as chips."""

from typing import Any

from django.utils.translation import gettext as _

from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.legal_persons.models import (
    Closing,
    Enquiry,
    Enterprise,
    Filing,
    ListEntry,
    PublicationOrder,
)


def firm(row: Enterprise) -> ui.Chip:
    if row.ended:
        return ui.Chip("soft", _("registration cancelled"))
    if row.state == "revoked":
        return ui.Chip("late", _("business licence revoked"))
    return ui.Chip("ok", _("in existence"))


def filing(row: Filing) -> ui.Chip:
    look: Any = {"filed": "info", "granted": "ok", "refused": "late"}[row.state]
    return ui.Chip(look, str(row.get_state_display()))


def closing(row: Closing) -> ui.Chip:
    look: Any = {"public": "info", "applied": "warn", "stopped": "soft", "done": "ok"}[row.state]
    return ui.Chip(look, str(row.get_state_display()))


def entry(row: ListEntry) -> ui.Chip:
    looks: Any = {"noticed": "info", "entered": "late", "remedied": "warn"}
    return ui.Chip(looks.get(row.state, "soft"), str(row.get_state_display()))


def order(row: PublicationOrder) -> ui.Chip:
    looks: Any = {"open": "info", "done": "ok", "lapsed": "late"}
    return ui.Chip(looks.get(row.state, "soft"), str(row.get_state_display()))


def enquiry(row: Enquiry) -> ui.Chip:
    if row.answered_on is not None:
        return ui.Chip("ok", _("answered"))
    late = row.due_on is not None and row.due_on < legal_time.today()
    return ui.Chip("late", _("not answered in time")) if late else ui.Chip("info", _("received"))
