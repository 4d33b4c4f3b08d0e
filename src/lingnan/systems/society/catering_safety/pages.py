"""The licence on the door: what everybody may know of a food-business licence."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.trust.api import PUBLIC, Place, allow
from lingnan.kernel.ui import api as ui
from lingnan.systems.society.catering_safety import numbers
from lingnan.systems.society.catering_safety.models import FoodLicence

BASIS = "《食品安全法》（2021-04-29）第一百一十三条"


@allow(PUBLIC)
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a licence by its number."""
    typed = request.GET.get("number", "").strip()
    if not typed:
        return render(request, "catering_safety/ask.html", {"field": _field("")})
    try:
        number = numbers.parse(typed)
    except numbers.InvalidLicenceNumber:
        error = _("This is no licence number: JY and 14 digits, please check them.")
        context = {"field": _field(typed, error)}
        return render(request, "catering_safety/ask.html", context, status=400)
    return redirect("food-licence", number=number)


@allow(PUBLIC)
@require_safe
def licence(request: HttpRequest, number: str) -> HttpResponse:
    """What the law publishes of one licence, or that there is none."""
    found = FoodLicence.objects.filter(number=number, ended=False).first()
    context = {"panel": _panel(found) if found else None, "number": number}
    status = 200 if found else 404
    return render(request, "catering_safety/licence.html", context, status=status)


def _field(value: str, error: str = "") -> ui.FieldView:
    return ui.FieldView(
        name="number",
        label=_("Licence number"),
        hint=_("On the shop's licence: JY and 14 digits"),
        value=value,
        error=error,
        maxlength=24,
        width="medium",
    )


def _panel(found: FoodLicence) -> ui.Panel:
    return ui.Panel(
        _("What the licence says"),
        [
            ui.Item(_("State"), _state(found)),
            ui.Item(_("Licence number"), found.number),
            ui.Item(_("Business"), ui.Cell(found.holder, found.place_name)),
            ui.Item(_("Premises"), found.premises),
            ui.Item(_("May make and sell"), found.items),
            ui.Item(_("Issued on"), ui.legal_date(found.issued_on)),
            ui.Item(_("Valid until"), ui.legal_date(found.valid_until)),
            ui.Item(_("Why you may see this"), BASIS),
        ],
    )


def _state(found: FoodLicence) -> ui.Chip:
    if found.state != FoodLicence.VALID:
        return ui.Chip("late", str(found.get_state_display()))
    if found.valid_until < legal_time.today():
        return ui.Chip("late", _("expired"))
    return ui.Chip("ok", _("in force"))


PLACES = [
    Place(
        "food-licences",
        Title("查餐饮许可", "Look up a food licence"),
        PUBLIC,
        Title("输入门口许可证上的编号", "By the number on the licence at the door"),
    )
]

urlpatterns = [
    path("food-licences/", ask, name="food-licences"),
    path("food-licences/<str:number>/", licence, name="food-licence"),
]
