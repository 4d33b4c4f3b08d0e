"""Credit events as a table, with what may be said of each."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.credit.models import CreditEvent
from lingnan.systems.government.credit.rules import terms
from lingnan.systems.government.credit.standing import statements

CATEGORIES = {"basic": "soft", "good": "ok", "hint": "warn", "serious": "late"}


def category_chip(kind: str) -> ui.Chip:
    words = {
        "basic": pgettext("credit", "basic"),
        "good": pgettext("credit", "good"),
        "hint": pgettext("credit", "for attention"),
        "serious": pgettext("credit", "serious"),
    }
    code = terms.category(kind)
    look: Any = CATEGORIES[code]
    return ui.Chip(look, words[code])


def event_table(
    events: Sequence[CreditEvent],
    caption: str,
    url: Callable[[CreditEvent], str] | None = None,
    inside: bool = False,
) -> ui.Table:
    """Events with what may be said of them; `inside` adds whether the public sees each."""
    columns = [
        ui.Column("kind", _("Kind of event")),
        ui.Column("what", pgettext("credit", "What was found")),
        ui.Column("by", _("Decided by")),
        ui.Column("on", _("Decided on")),
        ui.Column("state", _("State")),
    ]
    beside = statements(events)
    rows = [_row(one, beside.get(one.number, ""), url, inside) for one in events]
    empty = ui.Empty(_("Nothing is on record"))
    return ui.Table(columns, rows, caption, empty, caption_hidden=True)


def _row(
    one: CreditEvent, beside: str, url: Callable[[CreditEvent], str] | None, inside: bool
) -> dict[str, ui.CellLike]:
    kind = str(one.get_kind_display())
    link: Any = ui.Link(url(one), kind, about=one.number) if url else kind
    note = _("The party says: %(words)s") % {"words": beside} if beside else one.basis
    return {
        "kind": ui.Cell((link, category_chip(one.kind)), one.number),
        "what": ui.Cell(one.what, note),
        "by": ui.Cell(one.source_name, one.document),
        "on": ui.legal_date(one.decided_on),
        "state": _state(one, inside),
    }


def _state(one: CreditEvent, inside: bool) -> ui.CellLike:
    today = legal_time.today()
    chips = []
    if one.disputed:
        chips.append(ui.Chip("warn", _("Objection being handled")))
    if one.repaired_on:
        chips.append(ui.Chip("ok", _("Repaired")))
    if not terms.in_force(one.facts, today):
        chips.append(ui.Chip("soft", _("Ended")))
    if inside:
        public = terms.is_public(one.facts, today)
        chips.append(ui.Chip("info", _("Public")) if public else ui.Chip("soft", _("Not public")))
    if not chips:
        chips.append(ui.Chip("info", _("In force")))
    return ui.Cell(tuple(chips), _until(terms.public_until(one.facts)))


def _until(day: date | None) -> str:
    if day is None:
        return ""
    return _("public until %(day)s") % {"day": ui.legal_date(day)}
