"""Where maps and addresses come from, for everybody who uses them."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import PUBLIC, allow
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.geography import layers
from lingnan.systems.government.geography.models import Layer
from lingnan.systems.government.geography.views.measuring import trail


@allow(PUBLIC)
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Each layer with its source, licence, day, what was simplified and what it is not for."""
    title = _("Where the data come from")
    shown: list[object] = [_panel(one) for one in layers.layers()]
    if not shown:
        words = _("The body that holds the map enters them.")
        shown = [ui.Notice("info", _("No origins are on record"), words)]
    lead = _(
        "Each layer of the map and of the addresses: source, licence, day, and what was simplified."
    )
    return ui.shown(request, ui.Page(title, lead, top=shown, trail=trail(title)))


def _panel(one: Layer) -> ui.Panel:
    day = ui.legal_date(one.as_of) if one.as_of else _("not stated by the source")
    return ui.Panel(
        str(Title(one.name_zh, one.name_en)),
        [
            ui.Item(_("Source"), str(Title(one.source_zh, one.source_en))),
            ui.Item(pgettext("data", "Licence"), one.licence or _("the source states none")),
            ui.Item(_("To be named as"), one.attribution),
            ui.Item(_("State of the day"), day),
            ui.Item(_("What was simplified"), str(Title(one.made_zh, one.made_en))),
            ui.Item(_("Limits of its use"), str(Title(one.limits_zh, one.limits_en))),
        ],
    )
