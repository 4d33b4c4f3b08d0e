"""What the undoing of a merge would do, shown before it is asked for and before it is done."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from lingnan.kernel.registry import display
from lingnan.kernel.registry.linkage import unmerging
from lingnan.kernel.registry.linkage.deciding import Opened
from lingnan.kernel.ui import api as ui


def tables(one: Opened) -> list[ui.Table]:
    """What was learnt since and what goes back, of a merge that stands; else nothing."""
    if one.merge is None or one.merge.state not in ("done", "undoing"):
        return []
    survivor = one.left if one.left.key == one.merge.survivor else one.right
    found = unmerging.outlook(one.merge, survivor)
    return [
        _table(
            one, found.since, _("Learnt or changed since the merge: stays as it is now"),
            (_("At the merge"), _("Now")), _("Nothing was changed since the merge."),
        ),
        _table(
            one, found.back, _("Taken in the merge: goes back"),
            (_("Now"), _("After the undoing")), _("Nothing was taken from the other record."),
        ),
    ]  # fmt: skip


def _table(
    one: Opened,
    rows: Sequence[tuple[str, Any, Any]],
    title: str,
    heads: tuple[str, str],
    nothing: str,
) -> ui.Table:
    columns = [
        ui.Column("field", _("Field")),
        ui.Column("first", heads[0]),
        ui.Column("second", heads[1]),
    ]
    lines: list[dict[str, ui.CellLike]] = [
        {
            "field": str(display.label(one.model, name)),
            "first": display.valued(one.model, name, first),
            "second": display.valued(one.model, name, second),
        }
        for name, first, second in rows
    ]
    return ui.Table(columns, lines, title, nothing)
