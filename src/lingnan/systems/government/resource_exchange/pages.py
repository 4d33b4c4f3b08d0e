"""The catalogue and the agreements, for data officers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.exchange.api import Agreement, Resource, resources
from lingnan.kernel.matters.api import published
from lingnan.kernel.trust.api import Body, allow, official
from lingnan.kernel.ui import api as ui

LIMIT = 200


@allow(official("data_officer", "operator"))
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """What exists, on which condition, and who may use it for what."""
    agreements = list(Agreement.objects.filter(ended=False).order_by("number")[:LIMIT])
    names = {body.code: str(body.title) for body in Body.objects.all()}
    context = {
        "resources": [_panel(resource) for resource in resources().values()],
        "agreements": _agreements(agreements, names),
    }
    return render(request, "resource_exchange/catalogue.html", context)


def _panel(resource: Resource) -> ui.Panel:
    sharing = {
        "unconditional": _("shared without condition"),
        "conditional": _("shared on condition"),
        "refused": _("not shared"),
    }
    return ui.Panel(
        str(resource.title),
        [
            ui.Item(_("Code"), resource.code),
            ui.Item(_("Sharing"), ui.Cell(sharing[resource.sharing], str(resource.condition))),
            ui.Item(_("Elements"), ui.listed(resource.elements.values())),
            ui.Item(_("Legal basis"), resource.basis),
        ],
    )


def _resource(code: str) -> str:
    found = resources().get(code)
    return str(found.title) if found else code


def _agreements(agreements: list[Agreement], names: dict[str, str]) -> ui.Table:
    purposes = {matter.code: str(matter.title) for _definition, matter in published()}
    return ui.Table(
        [
            ui.Column("number", _("Agreement")),
            ui.Column("consumer", _("Who may use it")),
            ui.Column("purpose", _("For what")),
            ui.Column("basis", _("Legal basis")),
        ],
        [
            {
                "number": ui.Cell(_resource(agreement.resource), agreement.number),
                "consumer": ui.Cell(
                    names.get(agreement.consumer, agreement.consumer), _("and the bodies below")
                ),
                "purpose": purposes.get(agreement.purpose, agreement.purpose),
                "basis": agreement.basis,
            }
            for agreement in agreements
        ],
        _("Agreements in force"),
        ui.Empty(_("No agreement yet")),
        caption_hidden=True,
    )


urlpatterns = [path("desk/exchange/", catalogue, name="exchange-catalogue")]
