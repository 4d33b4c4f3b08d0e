"""Correcting an address at the counter: of a household with its members, or of one resident."""

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.runtime.api import Conflict, legal_time
from lingnan.kernel.trust.api import Actor, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.population import opening, standard_addresses
from lingnan.systems.government.population.acts import addresses
from lingnan.systems.government.population.acts.addresses import Place, Wrong
from lingnan.systems.government.population.acts.refusals import Refused
from lingnan.systems.government.population.basis import LAW, OFFICER
from lingnan.systems.government.population.models import Household, Resident
from lingnan.systems.government.population.views import placing, wording

ALL, ALONE = "all", "alone"


@allow(OFFICER)
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """The standard addresses that the words may mean in the post's county, as a fragment."""
    words = request.GET.get(placing.NAME, "").strip()
    view = ui.FieldView(placing.NAME, "", value=words, kind="place",
                        options=placing.options(words, actor(request).division))  # fmt: skip
    return render(request, "ui/field_places.html", {"c": view})


@allow(OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def household(request: HttpRequest, ref: str) -> HttpResponse:
    """The address of a household of the post's division."""
    who = actor(request)
    home = opening.household(who, ref)
    opening.witness("record.opened", who, addresses.everybody(home.number))
    return _asked(request, who, Asked(home, None))


@allow(OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def resident(request: HttpRequest, ref: str) -> HttpResponse:
    """The address of a resident of the post's division, or of the household with them."""
    who = actor(request)
    one = opening.resident(who, ref)
    opening.witness("record.opened", who, [one])
    home = Household.objects.filter(number=one.household, ended=False).first()
    return _asked(request, who, Asked(home, one))


@dataclass(frozen=True)
class Asked:
    """Whose address the form is about: the household, a resident of it, or both to choose."""

    home: Household | None
    one: Resident | None

    @property
    def subject(self) -> Any:
        return self.one or self.home

    @property
    def follows(self) -> bool:
        """Whether the resident's address is the household's."""
        return bool(self.one and self.home and self.one.address == self.home.address)

    def about(self, whom: str) -> Any:
        return self.home if whom == ALL and self.home is not None else self.subject


def _asked(request: HttpRequest, who: Actor, asked: Asked) -> HttpResponse:
    refuse_noughts_posted(request)
    answers = ui.Answers(request)
    said, fields = answers.read(_fields(asked))
    if not answers.posted:
        return ui.shown(request, _page(asked, _fields(asked), ""))
    words, division = said[placing.NAME], asked.subject.division
    if placing.looked_for(request):
        fields = [replace(one, error="") for one in fields]
        return ui.shown(request, _page(asked, placing.with_found(fields, words, division), ""))
    asking = placing.Asking(who, division, standard_addresses.CORRECTION)
    place, unclear = placing.meant(request, said, asking)
    fields = placing.with_found(fields, words, division, unclear)
    if not answers.good or place is None:
        return ui.shown(request, _page(asked, fields, ""), 422)
    refused = _done(asked, place, said, who)
    if refused:
        return ui.shown(request, _page(asked, fields, refused), 409)
    messages.success(request, _("It is proposed. The head decides."))
    return redirect(_address(asked.subject))


def _done(asked: Asked, place: Place, said: ui.Said, who: Actor) -> str:
    told = Wrong(place, said["since"] or None, said["until"] or None, said["grounds"],
                 said["papers"])  # fmt: skip
    try:
        addresses.propose(asked.about(said.get("whom", "")), told, who)
    except Refused as refused:
        return wording.refusal(refused.code)
    except (Conflict, IntegrityError):
        return wording.refusal("")
    return ""


def _fields(asked: Asked) -> list[ui.FieldView]:
    today = legal_time.today().isoformat()
    since = _("Empty: as long as the register has said so.")
    until = _("Empty: it still says so.")
    return [
        *_whom(asked),
        *placing.fields(_("The right address"), _("As it should have stood")),
        ui.FieldView("since", _("Wrong since"), since, kind="date", maximum=today,
                     required=False),
        ui.FieldView("until", _("Right again from"), until, kind="date", maximum=today,
                     required=False),
        ui.FieldView("grounds", _("Grounds of the correction"), maxlength=200),
        ui.FieldView("papers", _("Papers that show it"), maxlength=200),
    ]  # fmt: skip


def _whom(asked: Asked) -> list[ui.FieldView]:
    if asked.one is None or not asked.follows:
        return []
    options = [
        ui.Option(ALL, _("The household, with everybody who has its address")),
        ui.Option(ALONE, _("This resident alone, who lives at another address")),
    ]
    return [ui.FieldView("whom", _("Whose address is wrong"), kind="radio", options=options)]


def _address(made: Any) -> str:
    return reverse(f"population-{made._meta.model_name}", args=[opening.ref(made)])


def _page(asked: Asked, fields: list[ui.FieldView], refused: str) -> ui.Page:
    subject, title = asked.subject, _("Correct an address")
    way = [
        ui.Link(reverse("population-desk"), _("Household registration")),
        ui.Link(_address(subject), _("Household") if asked.one is None else _("Resident")),
    ]
    items = [ui.Item(_("Dwelling address"), subject.address)]
    if asked.home is not None:
        shared = sum(
            one.address == asked.home.address and one.household == asked.home.number
            for one in addresses.everybody(asked.home.number)
            if not one.ended
        )
        items.append(ui.Item(_("Members with the household's address"), str(shared)))
    note = _("Nobody moves by it: who moved is entered as a move. The head decides.")
    top: list[object] = [ui.Panel(_("As the register says"), items, note=f"{LAW}第十七条")]
    if refused:
        top.insert(0, ui.Notice("late", _("It cannot be entered so"), refused))
    return ui.Page(
        title,
        name=str(subject),
        top=top,
        forms=[ui.Form(fields, _("Propose it"), note=note)],
        trail=ui.Trail(way, title),
    )
