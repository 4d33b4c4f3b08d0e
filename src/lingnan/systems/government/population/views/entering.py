"""Entering: the form of an act, and the act itself."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingnan.kernel.runtime.api import Conflict
from lingnan.kernel.trust.api import Actor, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.population import opening, standard_addresses
from lingnan.systems.government.population.acts.refusals import Refused
from lingnan.systems.government.population.basis import OFFICER
from lingnan.systems.government.population.rules.numbers import NumbersUsedUp
from lingnan.systems.government.population.rules.residence import TooSoon
from lingnan.systems.government.population.views import placing, wording
from lingnan.systems.government.population.views.deeds import DEEDS, Deed


@allow(OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def household(request: HttpRequest, ref: str, deed: str) -> HttpResponse:
    """An act on a household of the post's division."""
    who = actor(request)
    return _entered(request, "household", opening.household(who, ref), deed, who)


@allow(OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def resident(request: HttpRequest, ref: str, deed: str) -> HttpResponse:
    """An act on a resident of the post's division."""
    who = actor(request)
    one = opening.resident(who, ref)
    opening.witness("record.opened", who, [one])
    return _entered(request, "resident", one, deed, who)


def _entered(request: HttpRequest, about: str, subject: Any, code: str, who: Actor) -> HttpResponse:
    refuse_noughts_posted(request)
    deed = next((one for one in DEEDS[about] if one.code == code), None)
    if deed is None:
        raise Http404
    fields = list(deed.fields(subject))
    if request.method != "POST":
        return ui.shown(request, _page(about, subject, deed, fields, ""))
    answers = ui.Answers(request)
    said, fields = answers.read(fields)
    if placing.looked_for(request):
        fields = [replace(one, error="") for one in fields]
        fields = placing.with_found(fields, said.get(placing.NAME, ""), subject.division)
        return ui.shown(request, _page(about, subject, deed, fields, ""))
    placed, fields = _placed(request, who, subject, said, fields)
    if not answers.good or not placed:
        return ui.shown(request, _page(about, subject, deed, fields, ""), 422)
    made, refused = _done(deed, subject, said, who)
    if refused:
        return ui.shown(request, _page(about, subject, deed, fields, refused), 409)
    messages.success(request, _("It is on record."))
    return redirect(_address(made))


def _placed(
    request: HttpRequest, who: Actor, subject: Any, said: ui.Said, fields: list[ui.FieldView]
) -> tuple[bool, list[ui.FieldView]]:
    """Reads the place where the form asks for one, into `said`; whether it is clear."""
    if placing.NAME not in said:
        return True, fields
    asking = placing.Asking(who, subject.division, standard_addresses.REGISTRATION, subject.address)
    said["place"], unclear = placing.meant(request, said, asking)
    words = said[placing.NAME]
    return not unclear, placing.with_found(fields, words, subject.division, unclear)


def _done(deed: Deed, subject: Any, said: ui.Said, who: Actor) -> tuple[Any, str]:
    try:
        return deed.do(subject, said, who), ""
    except Refused as refused:
        return None, wording.refusal(refused.code)
    except TooSoon as soon:
        words = _("A permit may be asked for from %(day)s on.")
        return None, words % {"day": ui.legal_date(soon.since)}
    except NumbersUsedUp:
        return None, _("The county has no number left for this day and sex.")
    except (Conflict, IntegrityError):
        return None, wording.refusal("")


def _address(made: Any) -> str:
    return reverse(f"population-{made._meta.model_name}", args=[opening.ref(made)])


def _page(
    about: str, subject: Any, deed: Deed, fields: list[ui.FieldView], refused: str
) -> ui.Page:
    way = [
        ui.Link(reverse("population-desk"), _("Household registration")),
        ui.Link(_address(subject), _("Household") if about == "household" else _("Resident")),
    ]
    top = [ui.Notice("late", _("It cannot be entered so"), refused)] if refused else []
    return ui.Page(
        str(deed.title),
        name=str(subject),
        top=top,
        forms=[ui.Form(fields, str(deed.title), note=str(deed.note))],
        trail=ui.Trail(way, str(deed.title)),
    )
