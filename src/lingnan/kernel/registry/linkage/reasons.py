"""Why two may be one: what each field adds to the weight of a pair, as a table with bars."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lingnan.kernel.registry import display
from lingnan.kernel.registry.linkage import scoring, words
from lingnan.kernel.registry.linkage.finding import linkage_of
from lingnan.kernel.registry.records import Record
from lingnan.kernel.ui import api as ui


def table(model: type[Record], levels: Mapping[str, str], title: str) -> ui.Table:
    """For in green, against in red; a bar is as long as what its field adds or takes.

    First stands what speaks against any two before they are looked at: together they are the sum.
    """
    said, before = scoring.weights(linkage_of(model), levels), scoring.before(linkage_of(model))
    most = max(abs(before), *(abs(weight) for weight in said.values()))
    rows: list[dict[str, ui.CellLike]] = [
        {
            "field": display.label(model, name),
            "agreement": words.LEVELS[level],
            "weight": _bar(said[name], most) if level != "empty" else None,
        }
        for name, level in levels.items()
    ]
    whole = {"field": _("Any two records"), "agreement": _("are hardly ever of one")}
    rows.insert(0, whole | {"weight": _bar(before, most)})
    columns = [
        ui.Column("field", _("Field")),
        ui.Column("agreement", pgettext("linkage", "Agreement")),
        ui.Column("weight", _("Weight")),
    ]
    return ui.Table(columns, rows, title, "")


def _bar(weight: float, most: float) -> ui.Bar:
    return ui.Bar(
        abs(weight), most, "ok" if weight >= 0 else "late", f"{weight:+.1f}".replace("-", "−")
    )


def together(model: type[Record], weight: float) -> str:
    """The sum, and from where on it is taken for the same."""
    said = {"weight": f"{weight:.1f}", "propose": f"{linkage_of(model).propose:.0f}"}
    return _("Together %(weight)s; from %(propose)s on they are taken for the same.") % said
