"""What everybody may see of an enterprise: what is registered, not who controls it in the end.

公司法 (2023-12-29) Art. 32 and 40, 企业信息公示暂行条例 (2014-08-07) Art. 6 and 10: registered
particulars, shareholders, capital subscribed and paid. Who benefits in the end is filed
(市场主体登记管理条例 (2021-07-27) Art. 9 (8)), and bodies use it for their duties (反洗钱法
(2024-11-08) Art. 19); no rule that publishes it was found.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.trust.api import PUBLIC, allow
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.legal_persons.finding import find, former_identifiers
from lingnan.systems.government.legal_persons.holdings import YUAN, holdings_of
from lingnan.systems.government.legal_persons.models import Enterprise, FormerIdentifier
from lingnan.systems.government.legal_persons.views import tables

BASIS = (
    "《公司法》（2023-12-29）第三十二条、第四十条；"
    "《企业信息公示暂行条例》（2014-08-07）第六条、第十条"
)


@allow(PUBLIC)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Enterprises by the beginning of the name, or by a whole identifier."""
    said = request.GET.get("q", "").strip()[:120]
    found = find(Enterprise.objects.filter(ended=False), said) if said else []
    rows = [(row, reverse("enterprise", args=[row.credit_code])) for row in found]
    context = {
        "title": _("Enterprises"),
        "field": search_field(said),
        "table": tables.enterprises(rows) if said else None,
    }
    return render(request, "legal_persons/search.html", context)


def search_field(said: str) -> ui.FieldView:
    label = _("Name or code of the enterprise")
    hint = _("Also by the registration number or organisation code that it had before 2015")
    return ui.FieldView("q", label, hint=hint, value=said, maxlength=120, required=False)


def _former(row: FormerIdentifier) -> ui.Item:
    if row.replaced_on is None:
        return ui.Item(row.get_kind_display(), row.value)
    note = _("replaced by the credit code on %(day)s") % {"day": ui.legal_date(row.replaced_on)}
    return ui.Item(row.get_kind_display(), row.value, note)


@allow(PUBLIC)
@require_safe
def enterprise(request: HttpRequest, code: str) -> HttpResponse:
    """One enterprise with its registered shareholders."""
    found = Enterprise.objects.filter(credit_code=code, ended=False).first()
    if found is None:
        raise Http404
    panel = ui.Panel(
        _("Registered particulars"),
        [
            ui.Item(_("Credit code"), found.credit_code),
            *(_former(row) for row in former_identifiers(code)),
            ui.Item(_("Legal representative"), found.representative),
            ui.Item(_("Registered capital"), ui.money(found.capital * YUAN)),
            ui.Item(_("Business scope"), found.scope),
            ui.Item(_("Registered premises"), found.premises),
            ui.Item(_("Registered on"), ui.legal_date(found.registered_on)),
            ui.Item(_("Why this is public"), BASIS),
        ],
    )
    context = {
        "enterprise": found,
        "panel": panel,
        "holders": tables.holders(found, holdings_of([code])),
        "trail": ui.Trail([ui.Link(reverse("enterprises"), _("Enterprises"))], found.name),
    }
    return render(request, "legal_persons/enterprise.html", context)
