"""The standards office's desk: what has to be defined, judged and kept."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.registry.api import reading
from lingnan.kernel.trust.api import Actor, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.data_elements import conformance, intake, usage, wording
from lingnan.systems.government.data_elements.models import (
    EDITORS,
    OFFICE,
    PROVINCE,
    STATUSES,
    DataElement,
    ElementMapping,
    Standard,
)
from lingnan.systems.government.data_elements.rules import definitions
from lingnan.systems.government.data_elements.views.public import address

SHOWN = 25
REGISTERS = "/desk/records/data_elements/"


@allow(OFFICE)
@require_safe
def office(request: HttpRequest) -> HttpResponse:
    """How far the register is, and what to do next: the most used elements first."""
    who = actor(request)
    counted = dict(
        DataElement.objects.filter(ended=False).values_list("status")
        .annotate(n=Count("key"))
    )  # fmt: skip
    page = ui.Page(
        _("Standards and data elements"),
        _("A change of definition, value domain or status holds when a second official of your "
          "office has confirmed it."),
        top=[_progress(counted)],
        links=_links(who),
        tables=[ui.Part(_to_define(), _("To be defined, the most used first"))],
        forms=[ui.Form([], _("Compare everything now"), _("Conformance to the data elements"),
                       "compare", _("The worker does it each hour."),
                       url="/desk/data-elements/compare/")] if may_edit(who) else [],
    )  # fmt: skip
    return ui.shown(request, page)


def may_edit(who: Actor) -> bool:
    return EDITORS.permits(who) and who.division == PROVINCE


def _progress(counted: dict[str, int]) -> ui.BarChart:
    total = sum(counted.values())
    rows = [
        ui.ChartRow(str(words), counted.get(code, 0), "", wording.STATUS_KINDS[code])
        for code, words in STATUSES
    ]
    defined = total - counted.get("candidate", 0) - counted.get("retired", 0)
    title = ngettext(
        "%(defined)s of %(n)s element is defined", "%(defined)s of %(n)s elements are defined",
        total,
    ) % {"defined": f"{defined:,}", "n": f"{total:,}"}  # fmt: skip
    more = _("%(standards)s standards and %(mappings)s mappings are on record.") % {
        "standards": Standard.objects.filter(ended=False).count(),
        "mappings": ElementMapping.objects.filter(ended=False).count(),
    }
    return ui.BarChart(title, rows, _("Registration status"), _("Data elements"), more)


def _links(who: Actor) -> list[ui.Link]:
    found = [
        ui.Link("/data-elements/", _("Register of data elements")),
        ui.Link("/desk/data-elements/report/", _("Conformance to the data elements")),
    ]
    if who.division != PROVINCE:
        return found
    for name, words in (
        ("dataelement", _("Elements on record")),
        ("standard", _("Standards")),
        ("mapping", _("Mappings")),
        ("objectclass", _("Object classes")),
    ):
        found.append(ui.Link(f"{REGISTERS}{name}/", words))
    return found  # fmt: skip


def _to_define() -> ui.Table:
    uses = usage.counted()
    rows = DataElement.objects.filter(ended=False, status="candidate")
    listed = sorted(rows, key=lambda one: (-uses[one.code], one.code))[:SHOWN]
    return ui.Table(
        [
            ui.Column("name", _("Data element")),
            ui.Column("uses", _("Places that use it"), numeric=True),
            ui.Column("wrong", _("What is missing")),
            ui.Column("act", _("Act")),
        ],
        [_row(one, uses[one.code]) for one in listed],
        _("To be defined"),
        ui.Empty(_("Every element is defined")),
        caption_hidden=True,
    )


def _row(one: DataElement, uses: int) -> dict[str, ui.CellLike]:
    wrong = definitions.worst(definitions.faults("zh", one.name_zh, one.definition_zh))
    wrong = wrong or definitions.worst(definitions.faults("en", one.name_en, one.definition_en))
    said = wording.breach(wrong) if wrong else _("The datatype is not stated.")
    change = f"{REGISTERS}dataelement/{reading.reference(one)}/change/"
    return {
        "name": ui.Cell(ui.Link(address(one.code), str(one.title)), one.code),
        "uses": f"{uses:,}",
        "wrong": said,
        "act": ui.Link(change, _("Define"), str(one.title)),
    }


@allow(EDITORS)
@require_http_methods(["POST"])
def compare(request: HttpRequest) -> HttpResponse:
    """The round by hand: the register follows the declarations, and everything is compared."""
    refuse_noughts_posted(request)
    if may_edit(actor(request)):
        intake.keep()
        changed = conformance.recompute()
        said = ngettext("%(n)s finding is new or gone.", "%(n)s findings are new or gone.", changed)
        messages.success(request, said % {"n": changed})
    return redirect("data-elements-report")
