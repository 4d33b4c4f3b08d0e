"""What an entry does, before it is done: before → after, from when and why."""

from collections.abc import Mapping
from typing import Any, Protocol

from django.utils.translation import gettext as _

from lingnan.kernel.registry import display, rights
from lingnan.kernel.registry.records import Record
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.runtime.temporal.history import statements
from lingnan.kernel.trust.api import Actor
from lingnan.kernel.ui import api as ui


class Dated(Protocol):
    """An entry or a proposal of one."""

    @property
    def valid_from(self) -> Any: ...
    @property
    def valid_to(self) -> Any: ...
    @property
    def reason(self) -> Any: ...


def table(
    model: type[Record],
    values: Mapping[str, Any],
    before: Any | None,
    hidden: frozenset[str] = frozenset(),
) -> ui.Table:
    """Each field that is entered, as it stands and as it will."""
    rows = []
    for name, value in values.items():
        secret = name in hidden
        words = display.not_for_this_post()
        old = "—" if before is None else display.valued(model, name, getattr(before, name))
        new = display.valued(model, name, value)
        rows.append({
            "field": display.label(model, name),
            "before": words if secret else old,
            "after": words if secret else new,
        })  # fmt: skip
    columns = [
        ui.Column("field", _("Fact")),
        ui.Column("before", _("Before")),
        ui.Column("after", _("After")),
    ]
    return ui.Table(columns, rows, _("Before and after"), caption_hidden=True)


def facts(kind: str, entered: Dated) -> ui.Panel:
    """From when, until when, and why; what a day in the past or to come means."""
    today, start = legal_time.today(), entered.valid_from
    note = ""
    if start < today:
        note = _("It holds back to this day; the earlier statement stays in the history.")
    elif start > today:
        note = _("It waits until this day.")
    title = _("Ends on") if kind == "end" else _("Holds from")
    items = [ui.Item(title, ui.legal_date(start), note)]
    if entered.valid_to:
        items.append(ui.Item(_("Until (not included)"), ui.legal_date(entered.valid_to)))
    items.append(ui.Item(_("Reason"), entered.reason))
    return ui.Panel(_("When and why"), items)


def meanwhile(model: type[Record], who: Actor, record: Any, read: int) -> ui.Notice:
    """What changed since a version was read."""
    hidden = rights.withheld(model, who)
    said = []
    for one in statements(record):
        if one.version.version > read:
            said += [
                f"{display.label(model, d.field)}: {display.valued(model, d.field, d.before)} → "
                f"{display.valued(model, d.field, d.after)}"
                for d in one.differences
                if d.field not in hidden and d.field in display.panel_fields(model)
            ]
    text = _("Nothing was written. Look at what changed, then go on with what you typed.")
    return ui.Notice("warn", _("Somebody changed this record meanwhile"), text, items=said)
